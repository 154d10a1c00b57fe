// Names of tasks. A split has one task ("whole") or several with one letter each ("A", "B", "C").
import { PlanError } from '../base/errors.js';

/** Which task's images a network is trained and tested on, or copied from: a capital letter, or
 *  `whole` where the whole data set is the one task. {@link checkTaskName} is the door. */
export type TaskName = string;

/** The one task of a split that is not divided; names of its networks have no letter. */
export const wholeSet: TaskName = 'whole';

/** Letters that a task can have, for regular expressions. R is missing: R3B is the random network
 *  of task B. */
export const taskLetters = '[A-QS-Z]';

const pattern = new RegExp(`^(${taskLetters}|${wholeSet})$`);

/** The text, if it can name a task. @throws PlanError if it cannot */
export function checkTaskName(text: string): TaskName {
  if (pattern.test(text)) return text;
  throw new PlanError(
    `task: found the name ${JSON.stringify(text)}, wanted a capital letter other than R, or ${wholeSet}`,
  );
}

/** A task as results.json writes it: its letter, null for the whole set. */
export function letterOf(task: TaskName): string | null {
  return task === wholeSet ? null : task;
}

/** The task that {@link letterOf} wrote. */
export function taskOf(letter: string | null): TaskName {
  return letter ?? wholeSet;
}
