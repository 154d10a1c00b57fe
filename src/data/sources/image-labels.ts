// Classes of images that lie side by side in one folder or archive, by a table that is kept apart
// from them.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { DataError, type FileIssue, ParseError } from '../../base/errors.js';
import type { SourceEntry } from '../source.js';
import type { PartName } from '../parts.js';
import type { FoundFile } from './files.js';
import type { Listing } from './listed-source.js';
import { isPicture } from './webdataset-keys.js';

/** A table of images and their classes. */
export interface ImageLabels {
  /** Where it comes from, for messages. */
  readonly from: string;
  /** Class of each image by its file name, without folders. */
  readonly classes: ReadonlyMap<string, string>;
}

/** Changes whenever a label does. */
export function labelsHash({ classes }: ImageLabels): string {
  const hash = createHash('sha256');
  for (const [name, className] of classes) hash.update(`${name}\0${className}\0`);
  return hash.digest('hex').slice(0, 32);
}

/** Puts images to their classes as they come and sees in the end which ones never came. */
export class LabelledImages {
  readonly #labels: ImageLabels;
  readonly #missing: Set<string>;
  readonly #origin: string;

  /** @param origin folder or archive of the images, for messages */
  constructor(labels: ImageLabels, origin: string) {
    this.#labels = labels;
    this.#missing = new Set(labels.classes.keys());
    this.#origin = origin;
  }

  /** Class and name of the image at `path`; null for files that are not images by their name.
   *  @throws DataError if the table does not
   *  have an image, or it comes twice */
  place(path: string): { class: string; name: string } | null {
    const name = basename(path);
    const className = this.#labels.classes.get(name);
    if (className !== undefined) {
      if (this.#missing.delete(name)) return { class: className, name };
      throw new DataError(`${this.#origin}: ${name} comes twice`);
    }
    if (!isPicture(name.split('.').pop() ?? '')) return null;
    throw new DataError(`${this.#origin}: ${name} has no class in ${this.#labels.from}`, {
      hint: `It has ${this.#labels.classes.size} images. Take the labels that belong to these images, or move the image elsewhere.`,
    });
  }

  /** Images of the table that did not come: files that cannot be read, so that they are
   *  reported. */
  missing(): { class: string; file: FoundFile }[] {
    return [...this.#missing].map((name) => ({
      class: this.#labels.classes.get(name) as string,
      file: {
        ...{ name, size: -1, mtimeMs: -1 },
        read: () =>
          Promise.reject(
            new DataError(`the image is not there, although ${this.#labels.from} has its class`),
          ),
      },
    }));
  }

  /** The same as entries of a source. */
  missingEntries(part: PartName): SourceEntry[] {
    return this.missing().map(({ class: className, file: { name, read } }) => ({
      ...{ kind: 'file', part, class: className, name },
      origin: this.#origin,
      read,
    }));
  }
}

/** Adds files that lie side by side, by their labels.
 *  @throws DataError like {@link LabelledImages.place} */
export function listLabelled(
  listing: Listing,
  part: PartName,
  files: readonly FoundFile[],
  labels: ImageLabels,
  origin: string,
): void {
  const images = new LabelledImages(labels, origin);
  for (const file of files) {
    const place = images.place(file.name);
    if (place !== null) listing.addFile(part, place.class, { ...file, name: place.name });
  }
  for (const { class: className, file } of images.missing()) {
    listing.addFile(part, className, file);
  }
}

/** Lines of a text without the empty ones, with their numbers from 1. */
export function numberedLines(text: string): [line: string, number: number][] {
  return text
    .split(/\r?\n/)
    .map((line, at): [string, number] => [line.trim(), at + 1])
    .filter(([line]) => line !== '');
}

/** @throws ParseError with the first ten of the lines that are wrong, if there are any */
export function refuseLines(wrong: readonly FileIssue[]): void {
  if (wrong.length === 0) return;
  const more = wrong.length - 10;
  throw new ParseError(
    wrong.slice(0, 10),
    more > 0 ? { hint: `There are ${more} more such lines.` } : {},
  );
}
