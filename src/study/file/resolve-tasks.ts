// The tasks of a study: which data sets, split how.
import { GLYPH_SIDE, GLYPHS } from '../../data/glyphs/glyphs.js';
import type { RecordsUse } from '../../data/prepare/store.js';
import type { ClassChoice, ClassItems } from '../../data/classes/select-classes.js';
import type { Network } from '../../net/network.js';
import { isPresetName, storedSizes } from '../../net/presets/table.js';
import type { DataChoice, TaskChoice } from '../study.js';
import type { Report } from './located.js';
import type { ClassesText, SourceText, StudyText, TasksText, TaskText } from './study-source.js';

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

function resolveTaskData(
  pointer: string,
  task: TaskText,
  { data = {} }: StudyText,
  network: Network | null,
  report: Report,
): DataChoice | null {
  const own =
    typeof task.data === 'object' && !isList(task.data)
      ? task.data
      : { source: task.data, size: undefined, records: undefined };
  const source = own.source ?? data.source;
  if (source === undefined) {
    report(`${pointer}/data`, `${pointer.slice(1).replaceAll('/', '.')}.data.source is missing`);
    return null;
  }
  const [size, records] = [own.size ?? data.size, own.records ?? data.records];
  const written = { source, ...(size && { size }), ...(records && { records }) };
  return dataChoice(written, `${pointer}/data`, network, report);
}

function isList(data: TaskText['data']): data is readonly string[] {
  return Array.isArray(data);
}

interface DataText {
  readonly source: SourceText;
  readonly size?: number;
  readonly records?: RecordsUse;
}

function dataChoice(
  written: DataText,
  pointer: string,
  network: Network | null,
  report: Report,
): DataChoice {
  const { size: asked, records = 'auto' } = written;
  const sources = [written.source].flat();
  const isGlyphs = sources.includes(GLYPHS);
  const size = asked ?? (isGlyphs ? GLYPH_SIDE : usualSize(network));
  if (isGlyphs && sources.length > 1) {
    report(pointer, 'data.source: glyphs cannot be mixed with other sources');
  }
  if (isGlyphs && size !== GLYPH_SIDE) {
    report(pointer, `data.size: found ${size}, glyphs are ${GLYPH_SIDE}`);
  }
  if (network !== null && size === null) {
    report(
      pointer,
      `data.size is missing; wanted the height and width of stored images, at least the crop of ${network.name}, ${network.input.height} (only presets have a usual size)`,
    );
  } else if (network !== null && size !== null && size < network.input.height) {
    report(
      pointer,
      `data.size: found ${size}, wanted at least the crop of ${network.name}, ${network.input.height}`,
    );
  }
  if (isGlyphs && network !== null && network.input.channels !== 1) {
    report(
      '/network',
      `network: ${network.name} takes ${network.input.channels} channels, glyphs have 1 (wanted glyph28)`,
    );
  }
  return { source: sources, size: size ?? 0, ...(records === 'auto' ? {} : { records }) };
}

function usualSize(network: Network | null): number | null {
  return network !== null && isPresetName(network.name) ? storedSizes[network.name] : null;
}
