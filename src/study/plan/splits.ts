// The tasks of a study, once its data sets are known: each split has task A and B, or the whole
// set.
import { PlanError } from '../../base/errors.js';
import { naturalManMade } from '../../data/classes/natural-man-made.js';
import { extentText } from '../../data/image-form.js';
import { checkSameImages, randomHalves, wholeTask } from '../../data/classes/splits.js';
import { type ClassItems, selectClasses, selectHalves } from '../../data/classes/select-classes.js';
import type { DataFacts } from './data-facts.js';
import type { Family } from '../results/types.js';
import { type DataChoice, dataKey, type Study, type TaskChoice } from '../study.js';
import type { TaskName } from '../treatments.js';

/** One task: some classes of a data set. */
export interface SplitTask {
  readonly name: TaskName;
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
}

/** Finds the facts of a data choice; given by whoever prepared the stores. */
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
  const splits = study.tasks.flatMap((tasks) =>
    study.imagesPerClass.flatMap((kept) => makeSplits(tasks, kept, factsOf)),
  );
  const { name, channels, crop } = study.network;
  for (const { form } of splits.flatMap(({ tasks }) => tasks.map(({ data }) => data))) {
    if (form.channels !== channels) {
      throw new PlanError(
        `network ${name} takes ${channels} channels, the images have ${form.channels}`,
      );
    }
    if (Math.min(form.height, form.width) < crop) {
      throw new PlanError(
        `network ${name} takes ${crop}x${crop} crops, the images are ${extentText(form)}`,
      );
    }
  }
  return splits;
}

function makeSplits(
  tasks: TaskChoice,
  imagesPerClass: number | null,
  factsOf: FactsOf,
): readonly Split[] {
  if (tasks.kind === 'two-sets') {
    const { A, B } = tasks.sets;
    const [a, b] = [factsOf(A.data), factsOf(B.data)];
    checkSameImages(a.form, b.form);
    const classes = (own: ClassItems | null, facts: DataFacts, who: string) =>
      own === null ? wholeTask(facts.classes) : selectClasses(facts.classes, own, who);
    return [
      {
        name: 'two-sets',
        family: 'two-sets',
        imagesPerClass,
        tasks: [
          { name: 'A', data: a, classes: classes(A.classes, a, 'task A') },
          { name: 'B', data: b, classes: classes(B.classes, b, 'task B') },
        ],
      },
    ];
  }
  const data = factsOf(tasks.data);
  const pair = (halves: Readonly<Record<'A' | 'B', readonly string[]>>): readonly SplitTask[] =>
    (['A', 'B'] as const).map((name) => ({ name, data, classes: halves[name] }));
  switch (tasks.kind) {
    case 'random-halves':
      return tasks.seeds.map((seed) => ({
        name: `split${seed}`,
        family: 'random-halves',
        imagesPerClass,
        tasks: pair(randomHalves(data.classes, seed)),
      }));
    case 'natural-man-made':
      return [
        {
          name: 'natural-man-made',
          family: 'natural-man-made',
          imagesPerClass,
          tasks: pair(naturalManMade(data.classes)),
        },
      ];
    case 'classes':
      return [
        {
          name: 'classes',
          family: 'classes',
          imagesPerClass,
          tasks: pair(selectHalves(data.classes, tasks.classes)),
        },
      ];
    case 'whole':
      return [wholeSplit(data, imagesPerClass)];
  }
}

// Fewer images of the whole set: the paper's reduced-data networks, a family of their own.
function wholeSplit(data: DataFacts, imagesPerClass: number | null): Split {
  return {
    name: imagesPerClass === null ? 'whole' : `reduced-${String(imagesPerClass).padStart(4, '0')}`,
    family: imagesPerClass === null ? 'whole' : 'reduced',
    imagesPerClass,
    tasks: [{ name: 'whole', data, classes: wholeTask(data.classes) }],
  };
}
