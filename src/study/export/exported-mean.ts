// The mean image as a network sees it through its window over the middle of an image.
import { DataError } from '../../base/errors.js';
import type { Selection } from '../../data/classes/selection.js';
import { makeTask } from '../../data/classes/task.js';
import { GLYPHS } from '../../data/glyphs/glyphs.js';
import { type Extent, extentText } from '../../data/image-form.js';
import { meanImage } from '../../data/minibatch/mean-image.js';
import { openStore } from '../../data/store/open-store.js';
import { readStoreIndex } from '../../data/store/read-index.js';
import type { Preparation } from '../../net/formats/onnx/write/write-onnx.js';

/** Whose mean image. */
export interface MeanTask {
  /** Of the data set, see `ImageSet.manifestHash`. */
  readonly manifestHash: string;
  readonly classes: readonly string[];
  readonly imagesPerClass: number | null;
  readonly selection?: Selection;
  /** Where the stores of the study lay. */
  readonly stores: readonly string[];
}

/** The middle of the mean image, f32 [C,H,W].
 *  @throws DataError (rejects) if the data set is not there any more */
export async function exportedMean(
  { manifestHash, classes, imagesPerClass, selection, stores }: MeanTask,
  window: Extent,
): Promise<Preparation['mean']> {
  const path = stores.find((store) => isOf(store, manifestHash));
  if (path === undefined) {
    throw new DataError(
      `the network subtracts the mean image of its training images, which are not there any more: found ${stores.join(', ') || 'no stores'}, wanted the data set with the hash ${manifestHash}`,
      {
        hint: 'Run the study again: its data is made ready anew. Or give --prepared: the file then takes what the network takes, and no mean image is needed.',
      },
    );
  }
  const set = openStore(path);
  const mean = await meanImage(set, makeTask(set, classes, imagesPerClass, selection));
  const { channels, height, width } = set.form;
  if (height < window.height || width < window.width) {
    throw new DataError(
      `the images are ${extentText(set.form)}, the network takes ${extentText(window)}`,
    );
  }
  // As tests cut: see `testMinibatch`.
  const top = Math.floor((height - window.height) / 2);
  const left = Math.floor((width - window.width) / 2);
  const shape = [channels, window.height, window.width];
  const data = new Float32Array(channels * window.height * window.width);
  for (let at = 0; at < data.length; at++) {
    const column = at % window.width;
    const row = Math.floor(at / window.width) % window.height;
    const channel = Math.floor(at / (window.width * window.height));
    data[at] = mean[(channel * height + top + row) * width + left + column] as number;
  }
  return { shape, data };
}

function isOf(store: string, wanted: string): boolean {
  try {
    if (store === GLYPHS) return openStore(store).manifestHash === wanted;
    const { manifestHash, formerHash } = readStoreIndex(store).header;
    return manifestHash === wanted || formerHash === wanted;
  } catch (error) {
    if (error instanceof DataError) return false; // moved, or replaced by something else
    throw error;
  }
}
