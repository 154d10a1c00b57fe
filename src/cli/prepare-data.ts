// Makes the data sets of a study ready and shows how far decoding is.
import type { DecodeProgress } from '../data/prepare/store.js';
import {
  type DataListener,
  prepareData as prepare,
  surveyData as survey,
} from '../library/prepare-data.js';
import type { FactsOf } from '../study/plan/splits.js';
import type { Study } from '../study/study.js';
import { remark, warning } from './output.js';
import { sayRecognised } from './recognised.js';

/** Decodes what is not decoded yet.
 *  @param isQuiet nothing is said of what was found: whoever asks knows it
 *  @throws DataError */
export async function prepareData(study: Study, isQuiet = false): Promise<FactsOf> {
  const display = dataDisplay();
  const { decoding } = display.hear;
  try {
    return await prepare(study, isQuiet ? { decoding } : display.hear);
  } finally {
    display.close();
  }
}

/** The data sets of a study as far as they are known without decoding anything, and the bytes that
 *  decoding will add to the cache. @throws DataError */
export function surveyData(study: Study): ReturnType<typeof survey> {
  return survey(study, { recognised: sayRecognised });
}

/** Shows on standard error what a study's images are and how far decoding is. */
export function dataDisplay(): { readonly hear: DataListener; readonly close: () => void } {
  const bar = decodeDisplay();
  // A line that is being rewritten would be torn.
  const after =
    <T>(say: (what: T) => void) =>
    (what: T): void => {
      bar.close();
      say(what);
    };
  const hear = {
    recognised: after(sayRecognised),
    decoding: bar.on,
    remark: after(remark),
    warning: after(warning),
  };
  return { hear, close: bar.close };
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
      isShown = false;
    },
  };
}
