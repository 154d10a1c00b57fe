// Images in folders: train/<class>/* and val/<class>/*, deeper folders included.
import { join } from 'node:path';
import type { ImageSource, PartName } from '../source.js';
import { filesBelow, foldersIn } from './files.js';
import { Listing } from './listed-source.js';

/** Lists the folder `path` as a source; files are read later, in the listing's order (part, class,
 *  name by bytes). */
export function folderSource(path: string): ImageSource {
  const listing = new Listing(path);
  for (const part of ['train', 'val'] as const) listPart(listing, path, part);
  return listing.source(path, 'folders train/<class>/ and val/<class>/');
}

/** Adds `<path>/<part>/<class>/*`. */
export function listPart(listing: Listing, path: string, part: PartName): void {
  for (const className of foldersIn(join(path, part))) {
    listing.addClass(part, className);
    for (const file of filesBelow(join(path, part, className))) {
      listing.addFile(part, className, file);
    }
  }
}
