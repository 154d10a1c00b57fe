// `data info`: one pass over every image of a store.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { DataError } from '../../base/errors.js';
import { cacheDirectory } from '../../base/cache-directory.js';
import { imageValues, sideOf } from '../image-form.js';
import type { ImageSet } from '../image-set.js';
import { openImages } from '../store/open-images.js';
import { inOrder } from '../pack/in-order.js';
import { byPart, partNames, type PartName } from '../parts.js';
import { streamedStore } from '../store/streamed-store.js';
import type { PartIndex, StoreHeader, StoreIndex } from '../store/store-index.js';
import { readStoreIndex } from '../store/read-index.js';
import { contactSheet, meanPicture } from './contact-sheet.js';
import { countDuplicates, type DataInfo, dataWarnings, type ImageName } from './data-info.js';
import { differenceHash, HASH_WORDS, LEAST_STRUCTURE } from './difference-hash.js';
import { equalGroups, nearGroups } from './groups.js';

/** Images that are read or decoded at a time. */
const IN_WORK = 8;

/** What was found, and whether the files beside the store could be written. */
export interface Inspection extends DataInfo {
  /** Why not; left out if they were. */
  readonly unwritten?: string;
}

/** Looks at every image of a store and writes `<store>.info.json`, `<store>.contact-sheet.png` and
 *  `<store>.mean.png`.
 *  @param onProgress share of the images seen, 0..1
 *  @param beside the path before ".info.json" where that is not to be the store's
 *  @throws DataError if the store is missing, damaged in its index, or cannot be read */
export async function inspectStore(
  store: string,
  onProgress: (fraction: number) => void = () => undefined,
  beside: string = store,
): Promise<Inspection> {
  const index = readStoreIndex(store);
  // Damaged records are wanted here: they are counted, raw ones also looked at.
  const set = openImages(store, 0, undefined, index.header.packed?.records === 'jpeg');
  const survey = new Survey(set, index);
  const count = imageCount(set);
  for await (const { part, record, pixels } of images(set)) {
    survey.add(part, record, pixels);
    if (survey.seen % 500 === 0) onProgress(survey.seen / count);
  }
  const info = summary(store, await studyHeader(store, index, survey), index, survey);
  const files: (readonly [name: string, content: string | Uint8Array])[] = [
    ['contact-sheet.png', await contactSheet(set)],
    ['mean.png', await meanPicture(survey.mean(), set.form)],
    ['info.json', `${JSON.stringify(info, null, 1)}\n`],
  ];
  const problem = unwritten(beside, files);
  return problem === null ? info : { ...info, unwritten: problem };
}

/** Writes the files of an inspection. @returns why they could not be written; null if they were */
function unwritten(
  beside: string,
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
): string | null {
  try {
    for (const [name, content] of files) writeFileAtomic(`${beside}.${name}`, content);
    return null;
  } catch (error) {
    // What was found out in a pass over all images is worth more than the files.
    return error instanceof Error ? error.message : String(error);
  }
}

/** All images in order; null for the pixels of a JPEG record that is damaged. */
async function* images(set: ImageSet) {
  const free: Uint8Array[] = [];
  async function* records() {
    for (const part of partNames) {
      for (let record = 0; record < set[part].count; record++) yield { part, record };
    }
  }
  const bytes = imageValues(set.form);
  const read = async ({ part, record }: { part: PartName; record: number }) => {
    const pixels = free.pop() ?? new Uint8Array(bytes);
    try {
      await set[part].read(record, pixels);
      return { part, record, pixels };
    } catch (error) {
      if (set.isEncoded && error instanceof DataError) return { part, record, pixels: null };
      throw error;
    }
  };
  for await (const image of inOrder(records(), { items: IN_WORK }, read)) {
    yield image;
    if (image.pixels !== null) free.push(image.pixels);
  }
}

function imageCount(set: ImageSet): number {
  return partNames.reduce((sum, part) => sum + set[part].count, 0);
}

// With the hashes that studies know the data by.
async function studyHeader(
  store: string,
  { header }: StoreIndex,
  survey: Survey,
): Promise<StoreHeader> {
  const isStreamed = header.packed?.records === 'jpeg' && survey.damaged.length === 0;
  return isStreamed ? streamedStore(store, cacheDirectory()) : header;
}

/** What is gathered image by image. */
class Survey {
  readonly names: ImageName[] = [];
  readonly keys: string[] = [];
  readonly isJudged: boolean[] = [];
  readonly damaged: ImageName[] = [];
  readonly hashes: Uint32Array;
  readonly #set: ImageSet;
  readonly #index: StoreIndex;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;

  constructor(set: ImageSet, index: StoreIndex) {
    this.#set = set;
    this.#index = index;
    this.hashes = new Uint32Array(imageCount(set) * HASH_WORDS);
    this.#sums = new Float64Array(imageValues(set.form));
    this.#squares = new Float64Array(set.form.channels);
  }

  get #plane(): number {
    return this.#set.form.height * this.#set.form.width;
  }

  get seen(): number {
    return this.names.length;
  }

  /** @param bytes the image's pixels; null if its record is damaged */
  add(part: PartName, record: number, bytes: Uint8Array | null): void {
    const { form, classes } = this.#set;
    const { labels } = this.#set[part];
    const table = this.#index[part].records;
    const name: ImageName = {
      part,
      class: classes[labels[record] as number] as string,
      record,
      name: table?.names.at(record) ?? null,
    };
    const isRaw = this.#index.header.packed?.records === 'raw';
    const isDamaged = bytes === null || (isRaw && crc32(bytes) !== table?.crc32[record]);
    if (isDamaged) this.damaged.push(name);
    if (bytes === null) {
      this.isJudged.push(false);
      this.keys.push(`damaged ${this.seen}`);
      this.names.push(name);
      return;
    }
    const structure = differenceHash(bytes, form, this.hashes, this.seen * HASH_WORDS);
    this.isJudged.push(structure >= LEAST_STRUCTURE);
    this.keys.push(createHash('sha256').update(bytes).digest('base64'));
    this.names.push(name);
    if (part === 'train') this.#accumulate(bytes);
  }

  #accumulate(bytes: Uint8Array): void {
    const plane = this.#plane;
    for (let channel = 0; channel < this.#set.form.channels; channel++) {
      let squares = 0;
      for (let at = channel * plane; at < (channel + 1) * plane; at++) {
        const value = bytes[at] as number;
        this.#sums[at] = (this.#sums[at] as number) + value;
        squares += value * value;
      }
      this.#squares[channel] = (this.#squares[channel] as number) + squares;
    }
  }

  /** Mean training image, f64 [C,H,W]. */
  mean(): Float64Array {
    return this.#sums.map((sum) => sum / Math.max(1, this.#set.train.count));
  }

  /** Mean and standard deviation of each channel over all training pixels. */
  channels(): { mean: number[]; deviation: number[] } {
    const plane = this.#plane;
    const pixels = Math.max(1, plane * this.#set.train.count);
    const mean = Array.from(this.#squares, (_, channel) => {
      const sums = this.#sums.subarray(channel * plane, (channel + 1) * plane);
      return sums.reduce((sum, value) => sum + value, 0) / pixels;
    });
    const deviation = mean.map((value, channel) =>
      Math.sqrt(Math.max(0, (this.#squares[channel] as number) / pixels - value * value)),
    );
    return { mean, deviation };
  }
}

function summary(store: string, header: StoreHeader, index: StoreIndex, survey: Survey): DataInfo {
  const { classes, counts, form, manifestHash, testHash } = header;
  const named = (groups: readonly number[][]) =>
    countDuplicates(groups.map((group) => group.map((item) => survey.names[item] as ImageName)));
  const { mean, deviation } = survey.channels();
  const facts = {
    images: byPart((part) => index[part].labels.length),
    exact: named(equalGroups(survey.keys)),
    near: named(nearGroups(survey.hashes, survey.isJudged)),
    damaged: survey.damaged,
  };
  return {
    schema: 'selffer.data-info/1',
    store,
    manifestHash,
    ...(testHash === undefined ? {} : { testHash }),
    ...form,
    size: sideOf(form),
    storeBytes: statSync(store).size,
    recordBytes: recordBytes(index),
    classes: classes.map((name, label) => ({
      name,
      ...byPart((part) => counts[part][label] as number),
    })),
    channelMean: mean,
    channelDeviation: deviation,
    unjudged: survey.isJudged.filter((judged) => !judged).length,
    ...facts,
    warnings: dataWarnings(facts),
  };
}

function recordBytes(index: StoreIndex) {
  const lengths = partNames.map((part) => lengthsOf(index[part]));
  const sorted = new Uint32Array(lengths.reduce((sum, each) => sum + each.length, 0));
  let end = 0;
  for (const each of lengths) {
    sorted.set(each, end);
    end += each.length;
  }
  sorted.sort();
  const at = (place: number) => sorted[place] ?? imageValues(index.header.form);
  return { least: at(0), median: at(sorted.length >> 1), most: at(sorted.length - 1) };
}

function lengthsOf({ records }: PartIndex): Uint32Array {
  return records?.lengths ?? new Uint32Array(0);
}
