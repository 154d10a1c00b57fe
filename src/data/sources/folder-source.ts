// Images in folders: <part>/<class>/*, deeper folders included.
import { join } from 'node:path';
import { neededParts, type PartName } from '../parts.js';
import type { ImageSource, SourceFile, TestPart } from '../source.js';
import { classesOf } from './every-entry.js';
import { classFolders, filesBelow, foldersIn } from './files.js';
import { countedFile, Listing } from './listed-source.js';

/** Lists the folder `path` as a source; files are read later, in the listing's order (part, class,
 *  name by bytes). A folder test/ is the held-out part as far as its folders are classes of train/
 *  or val/; one without such folders is left alone. */
export function folderSource(path: string): ImageSource {
  const listing = new Listing(path);
  for (const part of neededParts) listPart(listing, path, part);
  const held = listTest(path, classesOf(listing.entries));
  if (held.entries.length === 0) return listing.source(path, `folders ${folders(neededParts)}`);
  const fingerprint = [listing.identity, held.identity];
  const recognised = `folders ${folders([...neededParts, 'test'])}`;
  const source = listing.source(path, recognised, fingerprint);
  return { ...source, bytes: listing.bytes + held.bytes, test: testPart(held) };
}

function folders(parts: readonly PartName[]): string {
  const names = parts.map((part) => `${part}/<class>/`);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Adds `<path>/<part>/<class>/*`. */
export function listPart(listing: Listing, path: string, part: PartName): void {
  const leave = (folder: string) => (name: string, reason: string) =>
    listing.addLeftOut(`${folder}/${name}`, reason);
  for (const { name, path: folder } of classFolders(join(path, part), leave(part))) {
    listing.addClass(part, name);
    for (const file of filesBelow(folder, leave(`${part}/${name}`))) {
      listing.addFile(part, name, file);
    }
  }
}

// A folder with nothing but test/ belongs to others, which have its classes.
function listTest(path: string, classes: ReadonlySet<string>): Listing {
  const listing = new Listing(path);
  for (const className of foldersIn(join(path, 'test'))) {
    if (classes.size > 0 && !classes.has(className)) continue;
    for (const file of filesBelow(join(path, 'test', className))) {
      listing.addFile('test', className, file);
    }
  }
  return listing;
}

function testPart({ entries }: Listing): TestPart {
  const listing = entries.filter((entry): entry is SourceFile => entry.kind === 'file');
  return {
    listing,
    async *files(classes, onBytes) {
      for (const file of listing) if (classes.has(file.class)) yield countedFile(file, onBytes);
    },
  };
}
