// The tasks of a study, once its data sets are known: each split has some tasks that networks go
// between (today's study files: A and B), or the whole set.
import { PlanError } from '../../base/errors.js';
import { naturalManMade } from '../../data/classes/natural-man-made.js';
import { extentText } from '../../data/image-form.js';
import type { Selection } from '../../data/classes/selection.js';
import { checkSameImages, randomHalves, wholeTask } from '../../data/classes/splits.js';
import { type ClassItems, selectClasses, selectHalves } from '../../data/classes/select-classes.js';
import type { DataFacts } from './data-facts.js';
import type { Family, TaskLabels } from '../results/types.js';
import { type DataChoice, dataKey, type Study, type TaskChoice } from '../study.js';
import { checkTaskName, type TaskName, wholeSet } from '../tasks.js';
import { type TreatmentKind, treatments } from '../treatments.js';

type TwoSets = Extract<TaskChoice, { readonly kind: 'two-sets' }>;

/** One task: some classes of a data set. */
export interface SplitTask {
  readonly name: TaskName;
  /** What it shows, for readers: "natural"; its letter if no word is known. */
  readonly label: string;
  readonly data: DataFacts;
  readonly classes: readonly string[];
}

/** Tasks that networks go between. */
export interface Split {
  /** Folder name without repeat, e.g. "split0", "whole". */
  readonly name: string;
  readonly family: Family;
  readonly tasks: readonly SplitTask[];
  /** Training images kept of each class; null: all. */
  readonly imagesPerClass: number | null;
  /** What of these is kept aside; left out: nothing. */
  readonly selection?: Selection;
  /** Where targets have a size of their own: the split whose bases of other tasks are copied. */
  readonly sources?: Split;
  /** Whether it has nothing but bases that networks of other splits copy. */
  readonly onlySources?: true;
}

/** Checks what plans rely on. @throws PlanError if a task's name is not one, or is given twice */
export function checkTasks({ name, tasks }: Split): void {
  const names = tasks.map((task) => checkTaskName(task.name));
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw new PlanError(`split ${name}: found task ${twice} twice`);
}

/** Tasks whose bases networks of a treatment copy from, on a target; [null] if they copy
 *  nothing. */
export function sourcesOf(
  treatment: TreatmentKind,
  target: TaskName,
  { tasks }: Split,
): readonly (TaskName | null)[] {
  const others = tasks.map(({ name }) => name).filter((name) => name !== target);
  return { none: [null], target: [target], other: others }[treatments[treatment].source];
}

/** Labels of the tasks that have more than their name. */
export function taskLabels(splits: readonly Split[]): TaskLabels {
  const named = splits.filter(
    ({ tasks, sources }) =>
      sources === undefined && tasks.some(({ name, label }) => label !== name),
  );
  return Object.fromEntries(
    named.map(({ family, tasks }) => [
      family,
      Object.fromEntries(tasks.map(({ name, label }) => [name, label])),
    ]),
  );
}

/** Finds the facts of a data choice; given by the caller, who prepared the stores. */
export type FactsOf = (choice: DataChoice) => DataFacts;

/** Facts by data choice, for {@link studySplits}. @throws PlanError if a choice was not prepared */
export function factsByChoice(prepared: readonly (readonly [DataChoice, DataFacts])[]): FactsOf {
  const facts = new Map(prepared.map(([choice, each]) => [dataKey(choice), each]));
  return (choice) => {
    const found = facts.get(dataKey(choice));
    if (found === undefined) throw new PlanError(`data ${dataKey(choice)} was not prepared`);
    return found;
  };
}

/** The splits of a study.
 *  @throws DataError if classes do not fit the data, PlanError if images do not fit the network */
export function studySplits(study: Study, factsOf: FactsOf): readonly Split[] {
  const splits = study.tasks
    .flatMap((tasks) => study.imagesPerClass.flatMap((kept) => makeSplits(tasks, kept, factsOf)))
    .map((split): Split => withSelection(split, study.selection))
    .flatMap((split) => withTargetSizes(split, study.targetImagesPerClass));
  const { name, input } = study.network;
  for (const { form } of splits.flatMap(({ tasks }) => tasks.map(({ data }) => data))) {
    if (form.channels !== input.channels) {
      throw new PlanError(
        `network ${name} takes ${input.channels} channels, the images have ${form.channels}`,
        {
          hint: `data: {channels: ${input.channels}} brings all images to that many; or take a network of other channels (in a prototxt: the dim of its input).`,
        },
      );
    }
    if (form.height < input.height || form.width < input.width) {
      throw new PlanError(
        `network ${name} takes ${extentText(input)} crops, the images are ${extentText(form)}`,
      );
    }
  }
  return splits;
}

function withSelection(split: Split, selection: Study['selection']): Split {
  return selection === undefined ? split : { ...split, selection };
}

/** A split, and one for each other size of its targets: "split0", "split0-k0010". A size that the
 *  sources have too is the split itself. */
function withTargetSizes(split: Split, sizes: Study['targetImagesPerClass']): readonly Split[] {
  if (sizes === undefined || split.tasks.length === 1) return [split];
  const { name, tasks, imagesPerClass, selection } = split;
  const sources: Split = sizes.includes(imagesPerClass) ? split : { ...split, onlySources: true };
  const others = sizes.filter((size) => size !== imagesPerClass);
  return [
    sources,
    ...others.map((size): Split => ({
      name: `${name}-k${size === null ? 'all' : String(size).padStart(4, '0')}`,
      family: 'target-size',
      imagesPerClass: size,
      ...(selection === undefined ? {} : { selection }),
      // Facts of a task are remembered with it, and these have other numbers of images.
      tasks: tasks.map((task) => ({ ...task })),
      sources,
    })),
  ];
}

function makeSplits(
  tasks: TaskChoice,
  imagesPerClass: number | null,
  factsOf: FactsOf,
): readonly Split[] {
  if (tasks.kind === 'two-sets') {
    const { kind } = tasks;
    return [{ name: kind, family: kind, imagesPerClass, tasks: twoSets(tasks.sets, factsOf) }];
  }
  const { kind } = tasks;
  const data = factsOf(tasks.data);
  switch (kind) {
    case 'random-halves':
      return tasks.seeds.map((seed) => ({
        name: `split${seed}`,
        family: kind,
        imagesPerClass,
        tasks: pair(data, randomHalves(data.classes, seed)),
      }));
    case 'natural-man-made': {
      const labels = { A: 'man-made', B: 'natural' };
      const halves = pair(data, naturalManMade(data.classes), labels);
      return [{ name: kind, family: kind, imagesPerClass, tasks: halves }];
    }
    case 'classes': {
      const halves = pair(data, selectHalves(data.classes, tasks.classes));
      return [{ name: kind, family: kind, imagesPerClass, tasks: halves }];
    }
    case 'whole':
      return [wholeSplit(data, imagesPerClass)];
  }
}

const letters = { A: 'A', B: 'B' };

function pair(
  data: DataFacts,
  halves: Readonly<Record<'A' | 'B', readonly string[]>>,
  labels: Readonly<Record<'A' | 'B', string>> = letters,
): readonly SplitTask[] {
  const names = ['A', 'B'] as const;
  return names.map((name) => ({ name, label: labels[name], data, classes: halves[name] }));
}

function twoSets({ A, B }: TwoSets['sets'], factsOf: FactsOf): readonly SplitTask[] {
  const [a, b] = [factsOf(A.data), factsOf(B.data)];
  checkSameImages(a.form, b.form);
  const classes = (own: ClassItems | null, facts: DataFacts, who: string) =>
    own === null ? wholeTask(facts.classes) : selectClasses(facts.classes, own, who);
  return [
    { name: 'A', label: 'A', data: a, classes: classes(A.classes, a, 'task A') },
    { name: 'B', label: 'B', data: b, classes: classes(B.classes, b, 'task B') },
  ];
}

// Fewer images of the whole set: the paper's reduced-data networks, a family of their own.
function wholeSplit(data: DataFacts, imagesPerClass: number | null): Split {
  return {
    name: imagesPerClass === null ? 'whole' : `reduced-${String(imagesPerClass).padStart(4, '0')}`,
    family: imagesPerClass === null ? 'whole' : 'reduced',
    imagesPerClass,
    tasks: [{ name: wholeSet, label: wholeSet, data, classes: wholeTask(data.classes) }],
  };
}
