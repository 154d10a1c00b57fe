// The command line: commands, help, errors, exit status.
import { Command, CommanderError } from 'commander';
import { SelfferError } from '../base/errors.js';
import { orSilence } from '../base/silence.js';
import { systemError } from '../base/system-error.js';
import { addAdvise } from './commands/advise.js';
import { addCancel } from './commands/cancel.js';
import { addClean } from './commands/clean.js';
import { addCompletion } from './commands/completion.js';
import { addCuts } from './commands/cuts.js';
import { addData } from './commands/data.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addImport } from './commands/import.js';
import { addInit } from './commands/init.js';
import { addPredict } from './commands/predict.js';
import { addMeasure } from './commands/measure.js';
import { addReport } from './commands/report.js';
import { addReproduce } from './commands/reproduce.js';
import { addRun } from './commands/run.js';
import { addServe } from './commands/serve.js';
import { addSetup } from './commands/setup.js';
import { addStatus } from './commands/status.js';
import { endWithOutput, printError } from './output.js';
import { packageVersion } from '../base/package-files.js';

const USAGE_STATUS = 2;

/** Runs the command line `args` (without node and script) and sets the exit status: 0 done, 1
 *  something failed, 2 wrong usage or invalid input, 130 interrupted. */
export async function main(args: readonly string[]): Promise<void> {
  endWithOutput();
  try {
    // Nothing may end well that did not finish.
    await orSilence(buildProgram().parseAsync(args, { from: 'user' }), unfinished);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed what it has to say; help and version are not failures.
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_STATUS;
      return;
    }
    const told = systemError(error) ?? error;
    printError(told, args.includes('--json'));
    process.exitCode = told instanceof SelfferError ? told.exitCode : 1;
  }
}

function unfinished(): SelfferError {
  return new SelfferError('internal', 'the command ended before it was done', {
    hint: 'Something that it waited for never came. This is a mistake in selffer; please report the command and its input.',
  });
}

/** All commands. */
export function buildProgram(): Command {
  const program = new Command('selffer')
    .description('Measures, layer by layer, how transferable the features of a deep network are.')
    .version(packageVersion())
    .addHelpText('after', '\nExample:\n  selffer demo')
    .showSuggestionAfterError()
    .exitOverride();
  const commands = [
    addDemo,
    addRun,
    addStatus,
    addCancel,
    addServe,
    addReport,
    addReproduce,
    addMeasure,
    addImport,
    addExport,
    addAdvise,
    addPredict,
    addData,
    addCuts,
    addClean,
    addInit,
    addSetup,
    addDoctor,
    addCompletion,
  ];
  for (const add of commands) add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
