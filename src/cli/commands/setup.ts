// `selffer setup`: gets what computes, without asking for rights.
import type { Command } from 'commander';
import { printJson } from '../output.js';
import { sayWhatIsDone } from '../setup/say.js';
import { setUp } from '../setup/set-up.js';

/** Adds the command. */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('install what computes; without root, unpack it into the cache')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer setup')
    .action((options: { json?: boolean }) => {
      const executor = setUp(sayWhatIsDone);
      if (options.json) printJson({ executor });
      else sayWhatIsDone(`${executor} is there, and computes unless --executor says otherwise`);
    });
}
