// The images of an advice, divided in three parts once, in whatever size networks take them.
import { join } from 'node:path';
import { contentHash } from '../base/canonical-json.js';
import { type Check, count, listOf, number, objectOf, text } from '../base/checks.js';
import { UsageError } from '../base/errors.js';
import { packImages } from '../data/pack/pack-images.js';
import { readStoreIndex } from '../data/store/read-index.js';
import { imagesOf } from '../data/store/store-index.js';
import type { Network } from '../net/network.js';
import type { AdviceHost } from './host.js';
import { stage } from './stage.js';

/** What is known of the images. */
export interface DataFacts {
  readonly classes: readonly string[];
  /** Images of each part: to train on, to choose by, to judge with. */
  readonly train: number;
  readonly selection: number;
  readonly test: number;
  /** Share of the most frequent class of the test part: what guessing reaches. */
  readonly guessing: number;
  /** Images that stay beside one that they look like. */
  readonly together: number;
}

/** The images, packed in three parts. */
export interface DividedData extends DataFacts {
  /** Path of the store. */
  readonly store: string;
  /** See `ImageSet.manifestHash`. */
  readonly hash: string;
}

const dividedCheck: Check<DividedData> = objectOf<DividedData>({
  store: text,
  classes: listOf(text),
  train: count,
  selection: count,
  test: count,
  guessing: number,
  together: count,
  hash: text,
});

/** What images are divided, and how. */
export interface ToDivide {
  /** Sources of images, as `data.source` of a study. */
  readonly data: readonly string[];
  /** Folder of the advice, absolute. */
  readonly directory: string;
  readonly seed: number;
  /** Most images of a class: see `mostPerClass`. */
  readonly perClass: number;
}

/** The images in the form that a network takes.
 *  @param place of this form among the forms of an advice; of the first, the name of its files
 *  @param like the images in another form: they are in the same parts here
 *  @throws UsageError if there are too few; DataError if they cannot be read */
export function dividedData(
  request: ToDivide,
  { input }: Network,
  host: AdviceHost,
  { name = 'images', like }: { readonly name?: string; readonly like?: DividedData } = {},
): Promise<DividedData> {
  const { directory, data, seed, perClass } = request;
  const file = name === 'images' ? 'data' : `data-${name}`;
  return stage(directory, file, dividedCheck, async () => {
    host.say('dividing the images in three parts');
    const store = join(directory, `${name}.store`);
    const { height, channels } = input;
    const threeParts = { selection: 0.2, test: 0.2, seed, perClass };
    await packImages({
      ...{ source: data, baseDirectory: process.cwd(), out: store, size: height },
      ...{ resize: 'warp', records: 'raw', isStrict: false, stop: host.stop },
      ...(channels === 1 || channels === 3 ? { channels } : {}),
      threeParts: like === undefined ? threeParts : { ...threeParts, like: like.store },
    });
    const { header } = readStoreIndex(store);
    const test = imagesOf(header, 'test');
    if (header.classes.length < 2 || test === 0) {
      throw new UsageError(
        `${data.join(', ')}: found ${header.classes.length} classes and ${test} images to judge with, wanted 2 classes of 3 images or more`,
      );
    }
    return {
      ...{ store, classes: header.classes, test },
      train: imagesOf(header, 'train'),
      selection: imagesOf(header, 'val'),
      guessing: Math.max(...header.counts.test) / test,
      together: header.packed?.heldOut?.together ?? 0,
      hash: contentHash([header.manifestHash, header.testHash ?? '']),
    };
  });
}
