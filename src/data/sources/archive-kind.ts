// What an archive holds, recognised by its first members.
import { DataError } from '../../base/errors.js';
import { placeInSource, placeInTest } from '../source.js';
import { isValidationName } from './ilsvrc-labels.js';
import { tarMembers } from './tar-members.js';
import {
  isLabel,
  isPicture,
  keyAndExtension,
  partOfArchive,
  partOfClassArchive,
} from './webdataset-keys.js';

/** What the files of a .tar are: images in folders train/<class>/, an archive for each class,
 *  samples of WebDataset, images in folders of their classes (all of them below one more folder, or
 *  not), or the validation images of ILSVRC2012 without classes. */
export type ArchiveKind =
  'folders' | 'archives' | 'samples' | 'classes' | 'classes below' | 'ilsvrc-validation';

const MEMBERS = 1000;
const BYTES = 64 * 2 ** 20;
const EXACT = /(^|\/)(train|val)\//;

/** Reads the archive at `path` up to the first members that tell its kind, at most 1000 (or 64
 *  MiB); null if none of them does, or if this is not an archive, which its reader then says. Only
 *  an archive whose name says its part can be one of samples that are not together, or of
 *  classes. */
export async function archiveKind(path: string): Promise<ArchiveKind | null> {
  const met = new Met();
  let [members, bytes] = [0, 0];
  let hasParts = false;
  try {
    for await (const { name, isFolder, size } of tarMembers(path)) {
      const place = placeInSource(name) ?? placeInTest(name);
      const isPlaced = place !== null && (isFolder || place.name !== '');
      // Other words for the parts may stand in keys of samples.
      if (isPlaced && EXACT.test(name)) return 'folders';
      hasParts ||= isPlaced;
      if (!isFolder && isClassArchive(name)) return 'archives';
      if (isValidationName(name)) return 'ilsvrc-validation';
      if (!isFolder) met.add(name);
      if (met.isSample) return 'samples';
      bytes += size;
      if (++members >= MEMBERS || bytes > BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  return hasParts ? 'folders' : ofOnePart(path, met.kind());
}

/** A kind whose images are all of one part; null unless a name says which. */
function ofOnePart(path: string, kind: ArchiveKind | null): ArchiveKind | null {
  const part = kind === 'samples' ? partOfArchive(path) : partOfClassArchive(path);
  return part === null ? null : kind;
}

/** Pictures and labels that were met. */
class Met {
  /** Whether a sample has a picture and a label. */
  isSample = false;
  readonly #pictures = new Set<string>();
  readonly #labels = new Set<string>();
  readonly #tops = new Set<string>();
  #shallowest = Infinity;

  add(path: string): void {
    const found = keyAndExtension(path);
    if (found === null) return;
    const { key, extension } = found;
    const segments = key.split('/');
    if (isPicture(extension)) {
      this.#pictures.add(key);
      this.#tops.add(segments[0] as string);
      this.#shallowest = Math.min(this.#shallowest, segments.length - 1);
    } else if (isLabel(extension)) this.#labels.add(key);
    else return;
    this.isSample ||= this.#pictures.has(key) && this.#labels.has(key);
  }

  kind(): ArchiveKind | null {
    if (this.#pictures.size === 0) return null;
    if (this.#shallowest === 0 || this.#labels.size > 0) return 'samples';
    return this.#tops.size === 1 && this.#shallowest > 1 ? 'classes below' : 'classes';
  }
}

/** Whether a member of an archive is the archive of a class: "n01440764.tar", in any folder. */
export function isClassArchive(name: string): boolean {
  return /(^|\/)[^./][^/]*\.tar$/.test(name);
}
