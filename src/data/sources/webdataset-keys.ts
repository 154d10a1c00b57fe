// How WebDataset names things: files of one sample lie next to each other and share all of their
// path up to the first dot of the file's name; what follows is the extension ("n01/0001.rgb.jpg":
// key "n01/0001", extension "rgb.jpg").
// Source: base_plus_ext and group_by_keys of webdataset/tariterators.py.
import { basename, dirname, extname } from 'node:path';
import { type PartName, partOfWord, partsInName } from '../parts.js';
import { visibleName } from './archive-member.js';

/** Key and extension of a file in a shard; null for what WebDataset passes over: hidden files,
 *  files without an extension, and metadata ("__index__.json"). */
export function keyAndExtension(path: string): { key: string; extension: string } | null {
  const name = visibleName(path);
  const file = basename(name ?? '');
  const dot = file.indexOf('.');
  if (name === null || dot < 0 || /^__[^.]*__\./.test(file)) return null;
  const extension = file.slice(dot + 1);
  return { key: name.slice(0, -extension.length - 1), extension };
}

// Also what cannot be decoded: then the report says so.
const PICTURES = /(^|\.)(jpe?g|png|webp|gif|bmp|tiff?|p[bgnp]m)$/i;

/** Whether files of this extension are images. */
export function isPicture(extension: string): boolean {
  return PICTURES.test(extension);
}

/** Whether files of this extension may hold the sample's class. */
export function isLabel(extension: string): boolean {
  return /^(cls|json|txt)$/i.test(extension);
}

/** The part that an archive's name speaks of, else the name of the folder that it lies in
 *  ("imagenet1k-validation-0007.tar", "val/0007.tar"); null if neither names exactly one. */
export function partOfArchive(path: string): PartName | null {
  return partOfName(basename(path)) ?? partOfName(basename(dirname(path)));
}

/** The same, of the folder only where its whole name is a word for a part: an archive of folders of
 *  classes says less of itself than a shard. */
export function partOfClassArchive(path: string): PartName | null {
  return partOfName(basename(path)) ?? partOfWord(basename(dirname(path)));
}

/** The part that a name speaks of, in words of letters; null if it names none or several. */
export function partOfName(name: string): PartName | null {
  const stem = extname(name) === '' ? name : name.replace(/(\.[a-z]+)+$/i, '');
  const [part = null, other] = partsInName(stem);
  return other === undefined ? part : null;
}
