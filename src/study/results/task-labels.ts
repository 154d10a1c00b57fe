// What tasks are called in words: "natural" rather than "B".
import type { Family, NetworkResult, Results, StudyFacts, TaskLabels } from './types.js';

/** The labels that a study has. Studies of before labels were recorded (version 0.1.0) have none:
 *  of those, imported ones have the letters of the authors' repository, A = natural, trained ones
 *  those of the paper, A = man-made. This is the only place that guesses. */
export function completeLabels(
  { taskLabels }: Pick<StudyFacts, 'taskLabels'>,
  networks: readonly NetworkResult[],
): TaskLabels {
  const family = 'natural-man-made';
  const members = networks.filter((network) => network.family === family);
  if (taskLabels !== undefined || members.length === 0) return taskLabels ?? {};
  const isImported = networks.some(({ originalName }) => originalName !== null);
  return {
    [family]: isImported ? { A: 'natural', B: 'man-made' } : { A: 'man-made', B: 'natural' },
  };
}

/** What a task of a family is called; null if it has its letter only. */
export function taskLabel({ study }: Results, family: Family, task: string): string | null {
  return study.taskLabels?.[family]?.[task] ?? null;
}

/** Where a section is of several families or targets, what this one is: "classes, target dogs". The
 *  words are empty for the main family, and for all targets at once. */
export function partWords(results: Results, family: Family, target: string | null): string[] {
  const label = target === null ? null : (taskLabel(results, family, target) ?? target);
  return [
    ...(family === results.study.family ? [] : [family]),
    ...(label === null ? [] : [`target ${label}`]),
  ];
}

/** "man-made to natural": from where to where the networks of a target transfer. */
export function directionOf(results: Results, family: Family, target: string): string {
  const name = (task: string) => taskLabel(results, family, task) ?? task;
  const sources = results.networks.flatMap((each) =>
    each.family === family && each.target === target && each.source !== target
      ? (each.source ?? [])
      : [],
  );
  const others = [...new Set(sources)].map(name);
  return others.length === 0 ? `onto ${name(target)}` : `${others.join(', ')} to ${name(target)}`;
}

/** The letter of the task of a family that is called so; null if none is. */
export function taskLabelled({ study }: Results, family: Family, label: string): string | null {
  const labels = Object.entries(study.taskLabels?.[family] ?? {});
  return labels.find(([, each]) => each === label)?.[0] ?? null;
}
