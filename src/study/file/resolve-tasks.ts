// The tasks of a study: which data sets, split how.
import type { ClassChoice, ClassItems } from '../../data/classes/select-classes.js';
import type { Network } from '../../net/network.js';
import type { DataChoice, TaskChoice } from '../study.js';
import type { Report } from './located.js';
import { dataChoice, resolveTaskData } from './resolve-data.js';
import type { ClassesText, StudyText, TasksText } from './study-source.js';

/** The tasks with their data sets, each kind at most once; empty after a problem that leaves
 *  none. */
export function resolveTasks(
  text: StudyText,
  network: Network | null,
  report: Report,
): readonly TaskChoice[] {
  const { tasks = { split: 'random-halves' as const } } = text;
  if (!isTaskList(tasks))
    return [resolveTask(tasks, '/tasks', text, network, report)].flatMap(known);
  const choices = tasks.flatMap((each, index) =>
    known(resolveTask(each, `/tasks/${index}`, text, network, report)),
  );
  choices.forEach(({ kind }, index) => {
    // They would go to the same folders under runs/.
    if (choices.findIndex((other) => other.kind === kind) === index) return;
    report(`/tasks/${index}`, `tasks: found ${kind} twice, wanted each kind once`);
  });
  return choices;
}

function known<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

function isTaskList(tasks: StudyText['tasks']): tasks is readonly TasksText[] {
  return Array.isArray(tasks);
}

function resolveTask(
  tasks: TasksText,
  pointer: string,
  text: StudyText,
  network: Network | null,
  report: Report,
): TaskChoice | null {
  const { data = {} } = text;
  if ('A' in tasks) {
    const set = (name: 'A' | 'B') => ({
      data: resolveTaskData(`${pointer}/${name}`, tasks[name], text, network, report),
      classes: classItems(tasks[name].classes),
    });
    const [A, B] = [set('A'), set('B')];
    return A.data && B.data
      ? { kind: 'two-sets', sets: { A: { ...A, data: A.data }, B: { ...B, data: B.data } } }
      : null;
  }
  if (data.source === undefined) {
    report('/data', 'data.source is missing; wanted glyphs, a folder, or tar shards');
    return null;
  }
  const choice = dataChoice({ ...data, source: data.source }, '/data/size', network, report);
  if ('classes' in tasks) return resolveClasses(tasks.classes, pointer, choice, report);
  if (tasks.split !== 'random-halves') return { kind: tasks.split, data: choice };
  return { kind: 'random-halves', data: choice, seeds: tasks.seeds ?? [0] };
}

function resolveClasses(
  { A, B }: Readonly<Record<'A' | 'B', ClassesText | 'rest'>>,
  pointer: string,
  data: DataChoice,
  report: Report,
): TaskChoice {
  if (A === 'rest' && B === 'rest') {
    report(`${pointer}/classes`, 'tasks.classes: found rest twice, wanted classes in A or B');
  }
  return { kind: 'classes', data, classes: { A: classChoice(A), B: classChoice(B) } };
}

function classChoice(classes: ClassesText | 'rest'): ClassChoice {
  return classes === 'rest' ? 'rest' : (classItems(classes) ?? []);
}

function classItems(classes: ClassesText | undefined): ClassItems | null {
  if (classes === undefined) return null;
  return [classes]
    .flat()
    .map((item) =>
      typeof item === 'string'
        ? item
        : { under: [item.under].flat(), not: [item.not ?? []].flat() },
    );
}
