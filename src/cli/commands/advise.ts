// `selffer advise MODEL --data DIR`: where to cut a pretrained network, and whether to freeze or
// fine-tune.
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { UsageError } from '../../base/errors.js';
import { advise } from '../../advise/advise.js';
import { type Model, modelOf } from '../../advise/model.js';
import { savedNetwork } from '../../advise/save.js';
import type { AdviceHost } from '../../advise/host.js';
import type { ExecutorName } from '../../executors/names.js';
import { localLauncher } from '../../launch/local.js';
import { lockStudy } from '../../study/store/lock.js';
import { largestGang } from '../../study/plan/gangs.js';
import { adviceText } from '../advice-text.js';
import { adviseDisplay } from '../advise-display.js';
import { listenForInterrupts } from '../interrupts.js';
import { measuredRate } from '../../library/measured-rate.js';
import { collect, executorOption, parseSeed, sizeOption, threadsOption } from '../options.js';
import { print, printJson, remark } from '../output.js';
import { prepareData } from '../prepare-data.js';
import { chooseExecutor } from '../probe.js';
import { parseDuration } from '../quantities.js';
import { defaultMemoryBytes } from '../../library/machine-share.js';
import { runFeatures } from '../run-features.js';
import { workerScript } from '../../library/worker-script.js';

interface AdviseFlags {
  readonly weights?: string;
  readonly data: readonly string[];
  readonly budget: number;
  readonly save?: string;
  readonly out?: string;
  readonly seed: number;
  readonly preprocess?: string;
  readonly mirror: boolean;
  readonly executor: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly memory?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const MODEL_HELP =
  'a classifier of images: FILE.onnx, FILE.prototxt:FILE.caffemodel, or a trained network of a study, DIR:NAME or DIR/runs/NAME';

/** Adds the command. */
export function addAdvise(program: Command): void {
  program
    .command('advise')
    .description('say where to cut a pretrained network for your images, and what to train')
    .argument('<models...>', MODEL_HELP)
    .requiredOption(
      '--data <source>',
      'your images, a folder for each class, or any source that `run` takes (repeatable)',
      collect,
    )
    .option('--weights <file>', 'the caffemodel of a .prototxt')
    .addOption(
      new Option('--budget <time>', 'time that it may take, e.g. 10m or 1h')
        .argParser(parseBudget)
        .default(600, '10m'),
    )
    .option('--save <file>', 'write the chosen network as an ONNX file')
    .option('--out <dir>', 'folder of the advice (default: ./advice-<model>)')
    .option(
      '--seed <number>',
      'the draw of the three parts of the images, and of weights',
      parseSeed,
      0,
    )
    .option(
      '--preprocess <how>',
      'imagenet, symmetric, unit, pixels, caffe, or "mean=.. std=.." (default: as the file says, else tried)',
    )
    .option('--no-mirror', 'images are not mirrored in training: letters, road signs')
    .addOption(executorOption())
    .addOption(threadsOption())
    .addOption(sizeOption())
    .option('--force', 'replace the file of --save if it is there')
    .option('--json', 'print the advice as one JSON object')
    .addHelpText(
      'after',
      '\nThe images are divided in three: to train on, to choose by, and to judge with once. Of several\nnetworks the best is looked for. Ctrl-C gives the answer so far; the same command resumes.\n\nExamples:\n  selffer advise efficientnet.onnx --data my-photos --budget 10m --save best.onnx\n  selffer advise demo:split0/baseA --data my-letters --no-mirror\n  selffer advise a.onnx net.prototxt:net.caffemodel --data my-photos --budget 20m',
    )
    .action(async (models: readonly string[], flags: AdviseFlags) => {
      process.exitCode = await adviseCommand(models, flags);
    });
}

function parseBudget(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof UsageError ? error.message : String(error));
  }
}

async function adviseCommand(given: readonly string[], flags: AdviseFlags): Promise<number> {
  if (flags.save !== undefined && existsSync(flags.save) && !flags.force) {
    throw new UsageError(`${flags.save} is there already`, {
      hint: 'Give another name, or --force.',
    });
  }
  const models = given.map((each) => modelOf(each, flags.weights)) as [Model, ...Model[]];
  const directory = resolve(flags.out ?? folderName(models));
  const executor = chooseExecutor(flags.executor, threadsOf(flags));
  mkdirSync(directory, { recursive: true });
  const unlock = lockStudy(directory);
  const open = openHost(flags, executor.name);
  try {
    const { budget: budgetSeconds, seed, preprocess, mirror } = flags;
    const advice = await advise(
      {
        ...{ models, data: absolute(flags.data), directory, budgetSeconds, seed },
        ...{ mirror, ...(preprocess === undefined ? {} : { preprocess }) },
      },
      open.host,
    );
    if (flags.save !== undefined) {
      writeFileAtomic(resolve(flags.save), await savedNetwork(directory, advice));
    }
    // Before anything is printed: a bar would be torn.
    open.dispose();
    if (flags.json) printJson({ directory, ...advice });
    else print(adviceText(advice, directory));
    return open.wasInterrupted() ? 130 : 0;
  } catch (error) {
    if (!open.host.stop.aborted || error !== open.host.stop.reason) throw error;
    remark('stopped before anything was known; the same command resumes');
    return open.wasInterrupted() ? 130 : 1;
  } finally {
    open.dispose();
    unlock();
  }
}

const LONGEST_NAME = 80;

function folderName(models: readonly Model[]): string {
  return `advice-${models.map(({ name }) => name).join('-')}`.slice(0, LONGEST_NAME);
}

// Globs and folders start where the command was given.
function absolute(sources: readonly string[]): readonly string[] {
  return sources.map((source) => resolve(source));
}

function threadsOf({ threads }: AdviseFlags): number {
  return threads ?? availableParallelism();
}

/** Share of the budget, and seconds at least, that are kept for the final test. */
const KEPT = { share: 0.06, seconds: 10 };

interface OpenHost {
  readonly host: AdviceHost;
  readonly wasInterrupted: () => boolean;
  readonly dispose: () => void;
}

function openHost(flags: AdviseFlags, executor: ExecutorName): OpenHost {
  const started = performance.now();
  const usable = flags.budget - Math.max(KEPT.seconds, KEPT.share * flags.budget);
  const elapsed = (): number => (performance.now() - started) / 1000;
  const display = flags.json ? null : adviseDisplay(flags.budget);
  const say = (text: string): void => display?.say(text);
  const interrupts = listenForInterrupts(() => {
    const text = 'the answer so far follows; Ctrl-C again ends at once';
    if (display === null) remark(text);
    else display.say(text);
  });
  interrupts.kill.addEventListener('abort', () => process.exit(130));
  const budget = new AbortController();
  const timer = setTimeout(() => {
    say('the time is used up');
    budget.abort();
  }, 1000 * usable);
  const threads = threadsOf(flags);
  const memoryBytes = flags.memory ?? defaultMemoryBytes();
  const host: AdviceHost = {
    ...{ executor, threads, say },
    limits: { memoryBytes, networks: largestGang },
    launcher: localLauncher({ workerScript: workerScript() }),
    prepare: (study) => prepareData(study, true),
    features: runFeatures,
    rate: (plan, gang) => measuredRate(plan, gang, executor, threads),
    onEvent: (event) => display?.on(event),
    stop: AbortSignal.any([interrupts.stop, budget.signal]),
    kill: interrupts.kill,
    left: () => Math.max(1, usable - elapsed()),
  };
  return {
    host,
    wasInterrupted: () => interrupts.stop.aborted,
    dispose: () => {
      clearTimeout(timer);
      display?.close();
      interrupts.dispose();
    },
  };
}
