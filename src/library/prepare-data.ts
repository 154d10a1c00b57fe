// Makes the data sets of a study ready to be trained on. What decodes images is loaded only here.
import { heldOutText } from '../data/hold-out/held-out.js';
import type { StoreInfo } from '../data/prepare/find-prepared.js';
import type { DecodeProgress } from '../data/prepare/prepare-images.js';
import type { ImageSource } from '../data/source.js';
import { leakText } from '../data/store/leak-text.js';
import type { DataFacts } from '../study/plan/data-facts.js';
import { factsByChoice, type FactsOf } from '../study/plan/splits.js';
import { classChoices, type DataChoice, dataChoices, dataKey, type Study } from '../study/study.js';

/** Hears what is found while images are made ready. */
export interface DataListener {
  readonly recognised: (sources: readonly ImageSource[]) => void;
  readonly decoding: (progress: DecodeProgress) => void;
  readonly remark: (text: string) => void;
  readonly warning: (text: string) => void;
}

/** Decodes what is not decoded yet; relative paths start at the working directory.
 *  @throws DataError */
export async function prepareData(study: Study, hear: Partial<DataListener>): Promise<FactsOf> {
  const { prepareStore } = await import('../data/prepare/store.js');
  const prepared: [DataChoice, DataFacts][] = [];
  for (const choice of dataChoices(study)) {
    const { recognised: onSources, decoding } = hear;
    const request = { ...choice, ...usedClasses(study, choice), baseDirectory: process.cwd() };
    const info = await prepareStore(
      { ...request, ...(onSources === undefined ? {} : { onSources }) },
      decoding,
    );
    sayFound(info, hear);
    prepared.push([choice, factsOfStore(info)]);
  }
  return factsByChoice(prepared);
}

function sayFound(info: StoreInfo, { remark, warning }: Partial<DataListener>): void {
  const { skipped, packed } = info;
  const [first] = skipped;
  if (first !== undefined) {
    remark?.(`left out ${skipped.length} files or folders, such as ${first.file}: ${first.reason}`);
  }
  if (packed?.heldOut !== undefined) remark?.(heldOutText(packed.heldOut));
  const leak = leakText(info);
  if (leak !== null) warning?.(leak);
}

/** The data sets of a study as far as they are known without decoding anything, and the bytes that
 *  decoding will add to the cache. @throws DataError */
export async function surveyData(
  study: Study,
  { recognised: onSources }: Partial<DataListener>,
): Promise<{ readonly factsOf: FactsOf; readonly cacheBytes: number }> {
  const { surveyStore } = await import('../data/prepare/store.js');
  const surveyed: [DataChoice, DataFacts][] = [];
  let cacheBytes = 0;
  for (const choice of dataChoices(study)) {
    const request = { ...choice, ...usedClasses(study, choice), baseDirectory: process.cwd() };
    const found = await surveyStore({
      ...request,
      ...(onSources === undefined ? {} : { onSources }),
    });
    cacheBytes += found.cacheBytes;
    const { classes, form, counts, manifestHash } = found;
    surveyed.push([
      choice,
      {
        ...{ store: choice.source.join(), classes, form },
        manifestHash: manifestHash ?? 'not decoded yet',
        ...{ trainCounts: counts.train, valCounts: counts.val },
      },
    ]);
  }
  return { factsOf: factsByChoice(surveyed), cacheBytes };
}

// Subtrees and what is left over take classes that only the data set's names tell: all then.
function usedClasses(study: Study, choice: DataChoice): { readonly used?: readonly string[] } {
  // A further test set has images of one kind, and classes that the plan compares.
  const tests = Object.values(study.tests ?? {}).map((each) => dataKey(each));
  const isTask = dataChoices({ tasks: study.tasks }).some(
    (each) => dataKey(each) === dataKey(choice),
  );
  if (!isTask && tests.includes(dataKey(choice))) return { used: [] };
  if (choice.classes !== undefined) return { used: choice.classes };
  const used = new Set<string>();
  for (const tasks of study.tasks) {
    for (const { data, classes } of classChoices(tasks)) {
      if (dataKey(data) !== dataKey(choice)) continue;
      if (classes === null || classes === 'rest') return {};
      for (const item of classes) {
        if (typeof item !== 'string') return {};
        used.add(item);
      }
    }
  }
  return { used: [...used] };
}

function factsOfStore({
  path,
  classes,
  counts,
  form,
  manifestHash,
  formerHash,
  testHash,
  skipped,
}: StoreInfo): DataFacts {
  return {
    store: path,
    ...{ classes, form, manifestHash },
    leftOut: skipped.map(({ file }) => file),
    trainCounts: counts.train,
    valCounts: counts.val,
    ...(formerHash === undefined ? {} : { formerHash }),
    ...(testHash === undefined ? {} : { test: { counts: counts.test, hash: testHash } }),
  };
}
