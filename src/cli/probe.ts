// The executor for a command; what is taken in place of what is missing is said on the terminal.
import type { ExecutorName } from '../executors/names.js';
import { type ChosenExecutor, chooseExecutor as choose } from '../library/executors.js';
import { warning } from './output.js';

/** The executor for a run; `auto` is the fastest that this machine has.
 *  @throws ExecutorMissingError with the command that installs it */
export function chooseExecutor(asked: 'auto' | ExecutorName, threads: number): ChosenExecutor {
  return choose(asked, threads, warning);
}
