// `selffer serve DIR...`: the live page of studies that run or are done.
import { type Command, Option } from 'commander';
import { openDashboard } from '../../dashboard/dashboard.js';
import { findStudies } from '../../dashboard/find-studies.js';
import { listenForInterrupts } from '../interrupts.js';
import { portOption } from '../options.js';
import { colours, print, printError, printJson, remark } from '../output.js';

interface Options {
  readonly host: string;
  readonly port?: number;
  readonly readOnly?: boolean;
  readonly token?: boolean;
  readonly json?: boolean;
}

const INTERRUPTED = 130;

/** Adds the command. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('show studies that run or are done on a page in the browser, live')
    .argument('<dir...>', 'folders of studies, or a folder that has some in it')
    .addOption(
      new Option(
        '--host <name>',
        'name or address to listen at; others than this machine can use it only with the token that is printed',
      ).default('localhost'),
    )
    .addOption(portOption())
    .option('--read-only', 'studies can be looked at, but not started or stopped')
    .option('--token', 'want a token on this machine too, where others have accounts')
    .option('--json', 'print one JSON object with the address')
    .addHelpText(
      'after',
      '\nExamples:\n  selffer serve demo\n  selffer serve tiny-imagenet yosinski2014 --read-only\n  selffer serve demo --host node17 --port 8080',
    )
    .action(async (dirs: readonly string[], options: Options) => {
      process.exitCode = await serve(dirs, options);
    });
}

async function serve(dirs: readonly string[], options: Options): Promise<number> {
  const { host, port, readOnly = false, token = false, json = false } = options;
  const studies = findStudies(dirs);
  const page = await openDashboard({
    studies,
    host,
    ...(port === undefined ? {} : { port }),
    isReadOnly: readOnly,
    wantsToken: token,
    onError: (error) => printError(error, false),
  });
  if (json) printJson({ event: 'serving', url: page.url, studies });
  else {
    print(page.url);
    // Names may hold anything, such as what a terminal would obey.
    for (const { name, directory } of studies) {
      remark(colours.dim(`${name}: ${directory}`.replace(/\p{Cc}/gu, '?')));
    }
    remark(colours.dim('Ctrl-C ends it'));
  }
  return new Promise((resolve, reject) => {
    const interrupts = listenForInterrupts(() => {
      if (page.running() > 0) {
        remark('\nthe runs that were started here save and end; Ctrl-C again ends them at once');
      }
      page.close().then((asked) => resolve(asked > 0 ? INTERRUPTED : 0), reject);
    });
    interrupts.kill.addEventListener('abort', () => page.kill());
  });
}
