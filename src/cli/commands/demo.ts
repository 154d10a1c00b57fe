// `selffer demo`: the built-in study of glyphs, from nothing to a report in a few minutes.
import type { Command } from 'commander';
import { collect, executorOption, sizeOption, threadsOption, workersOption } from '../options.js';
import { packageFile } from '../../base/package-files.js';
import { sayWhatIsDone } from '../setup/say.js';
import { hasExecutor, setUp } from '../setup/set-up.js';
import { runCommand, type RunCommandOptions } from './run.js';

/** Adds the command. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('run the built-in study: letters and digits, every treatment and layer')
    .option('--out <dir>', 'folder of the study', 'demo')
    .addOption(executorOption())
    .addOption(threadsOption())
    .addOption(workersOption())
    .addOption(sizeOption())
    .option('--set <key=value>', 'set a key of the study (repeatable)', collect)
    .option('--dry-run', 'print networks, time, memory and disk, and train nothing')
    .option('--force', 'remove runs of other settings, and train them again')
    .option('--json', 'one JSON event a line on standard output')
    .addHelpText('after', '\nExample:\n  selffer demo --out /tmp/demo')
    .action(async (options: RunCommandOptions) => {
      // The first thing that a user does: it must not end with another command to run.
      if (options.executor === 'auto' && !options.dryRun && !hasExecutor()) setUp(sayWhatIsDone);
      const study = packageFile('examples/glyphs-demo.yaml');
      process.exitCode = await runCommand(study, options);
    });
}
