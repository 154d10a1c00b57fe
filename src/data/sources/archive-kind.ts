// What an archive holds, recognised by its first members.
import { DataError } from '../../base/errors.js';
import { placeInSource } from '../source.js';
import { isValidationName } from './ilsvrc-labels.js';
import { tarMembers } from './tar-members.js';
import { isLabel, isPicture, keyAndExtension } from './webdataset-keys.js';

/** What the files of a .tar are: images in folders train/<class>/, an archive for each class,
 *  samples of WebDataset, or the validation images of ILSVRC2012 without classes. */
export type ArchiveKind = 'folders' | 'archives' | 'samples' | 'ilsvrc-validation';

const MEMBERS = 1000;
const BYTES = 64 * 2 ** 20;

/** Reads the archive at `path` up to the first members that tell its kind; null if none of the
 *  first 1000 (or 64 MiB) does, or if this is not an archive, which its reader then says. */
export async function archiveKind(path: string): Promise<ArchiveKind | null> {
  let sample = { key: '', hasPicture: false, hasLabel: false };
  let [members, bytes] = [0, 0];
  try {
    for await (const { name, isFolder, size } of tarMembers(path)) {
      const place = placeInSource(name);
      if (place !== null && (isFolder || place.name !== '')) return 'folders';
      if (!isFolder && isClassArchive(name)) return 'archives';
      if (isValidationName(name)) return 'ilsvrc-validation';
      const found = isFolder ? null : keyAndExtension(name);
      if (found !== null) {
        const { key, extension } = found;
        if (key !== sample.key) sample = { key, hasPicture: false, hasLabel: false };
        sample.hasPicture ||= isPicture(extension);
        sample.hasLabel ||= isLabel(extension);
        if (sample.hasPicture && sample.hasLabel) return 'samples';
      }
      bytes += size;
      if (++members >= MEMBERS || bytes > BYTES) return null;
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  return null;
}

/** Whether a member of an archive is the archive of a class: "n01440764.tar", in any folder. */
export function isClassArchive(name: string): boolean {
  return /(^|\/)[^./][^/]*\.tar$/.test(name);
}
