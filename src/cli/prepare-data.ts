// Makes the data sets of a study ready and shows how far decoding is.
import {
  type DecodeProgress,
  prepareStore,
  type StoreInfo,
  surveyStore,
} from '../data/prepare/store.js';
import { heldOutText } from '../data/hold-out/held-out.js';
import type { DataFacts } from '../study/plan/data-facts.js';
import { factsByChoice, type FactsOf } from '../study/plan/splits.js';
import { classChoices, type DataChoice, dataChoices, dataKey, type Study } from '../study/study.js';
import { leakText } from '../data/store/leak-text.js';
import { colours, remark } from './output.js';
import { sayRecognised } from './recognised.js';

/** Decodes what is not decoded yet.
 *  @param isQuiet nothing is said of what was found: whoever asks knows it
 *  @throws DataError */
export async function prepareData(study: Study, isQuiet = false): Promise<FactsOf> {
  const prepared: [DataChoice, DataFacts][] = [];
  for (const choice of dataChoices(study)) {
    const shown = decodeDisplay();
    const info = await prepareStore(
      {
        ...choice,
        ...usedClasses(study, choice),
        baseDirectory: process.cwd(),
        ...(isQuiet ? {} : { onSources: sayRecognised }),
      },
      shown.on,
    );
    shown.close();
    if (!isQuiet) sayFound(info);
    prepared.push([choice, factsOfStore(info)]);
  }
  return factsByChoice(prepared);
}

function sayFound(info: StoreInfo): void {
  warnSkipped(info);
  const { heldOut } = info.packed ?? {};
  if (heldOut !== undefined) remark(heldOutText(heldOut));
  const leak = leakText(info);
  if (leak !== null) remark(`${colours.yellow('warning')} ${leak}`);
}

/** The data sets of a study as far as they are known without decoding anything, and the bytes that
 *  decoding will add to the cache. @throws DataError */
export async function surveyData(
  study: Study,
): Promise<{ readonly factsOf: FactsOf; readonly cacheBytes: number }> {
  const surveyed: [DataChoice, DataFacts][] = [];
  let cacheBytes = 0;
  for (const choice of dataChoices(study)) {
    const request = { ...choice, ...usedClasses(study, choice), baseDirectory: process.cwd() };
    const found = await surveyStore({ ...request, onSources: sayRecognised });
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

function warnSkipped({ skipped }: StoreInfo): void {
  if (skipped.length === 0) return;
  const [first] = skipped;
  remark(`left out ${skipped.length} files or folders, such as ${first?.file}: ${first?.reason}`);
}

function decodeDisplay(): { on: (progress: DecodeProgress) => void; close: () => void } {
  let last = -Infinity;
  let isShown = false;
  const every = process.stderr.isTTY ? 0.2 : 10;
  return {
    on: ({ files, fraction }) => {
      const now = performance.now() / 1000;
      if (now - last < every) return;
      last = now;
      const text = `decoding images: ${files} (${Math.floor(100 * fraction)} %)`;
      if (!process.stderr.isTTY) remark(text);
      else process.stderr.write(`\r${text}\u001b[K`);
      isShown = true;
    },
    close: () => {
      if (isShown && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}
