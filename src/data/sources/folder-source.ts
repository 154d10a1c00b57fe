// Images in folders, however they are arranged; deeper folders belong to the class above them.
import { join } from 'node:path';
import type { PartName } from '../parts.js';
import type { ImageSource, SourceFile, TestPart } from '../source.js';
import { arrange, type ClassesAt } from './arrange.js';
import { diskTree } from './disk-tree.js';
import { classesOf } from './every-entry.js';
import { classFolders, filesBelow, foldersIn } from './files.js';
import { countedFile, Listing } from './listed-source.js';

/** Lists the folder `path` as a source; files are read later, in the listing's order (part, class,
 *  name by bytes). Its test part is held out as far as its folders are classes of the others; one
 *  without such folders is left alone.
 *  @throws DataError if two of its folders are named as the same part, or one cannot be listed */
export function folderSource(path: string): ImageSource {
  const listing = new Listing(path);
  const arrangement = arrange(diskTree(path));
  if (arrangement === null) return listing.source(path, 'a folder without folders of images');
  const { at, recognised, recognisedWithoutTest = recognised, leftAside } = arrangement;
  for (const each of at) if (each.part !== 'test') listClasses(listing, path, each);
  for (const name of leftAside) listing.addLeftOut(name, `not a part or class: ${recognised}`);
  const tests = at.filter(({ part }) => part === 'test');
  const held = listTest(path, tests, classesOf(listing.entries));
  if (held.entries.length === 0) return listing.source(path, recognisedWithoutTest);
  const fingerprint = [listing.identity, held.identity];
  const source = listing.source(path, recognised, fingerprint);
  return { ...source, bytes: listing.bytes + held.bytes, test: testPart(held) };
}

/** Adds `<path>/<part>/<class>/*`. */
export function listPart(listing: Listing, path: string, part: PartName): void {
  listClasses(listing, path, { part, path: part });
}

function listClasses(listing: Listing, path: string, at: ClassesAt): void {
  const leave = (folder: string) => (name: string, reason: string) =>
    listing.addLeftOut(folder === '' ? name : `${folder}/${name}`, reason);
  const classes =
    at.class === undefined
      ? classFolders(join(path, at.path), leave(at.path))
      : [{ name: at.class, path: join(path, at.path) }];
  for (const { name, path: folder } of classes) {
    listing.addClass(at.part, name);
    const shown = at.class === undefined ? join(at.path, name) : at.path;
    for (const file of filesBelow(folder, leave(shown))) listing.addFile(at.part, name, file);
  }
}

// A folder with nothing but test/ belongs to others, which have its classes.
function listTest(path: string, tests: readonly ClassesAt[], classes: ReadonlySet<string>) {
  const listing = new Listing(path);
  for (const at of tests) {
    const folders = at.class === undefined ? foldersIn(join(path, at.path)) : [at.class];
    for (const className of folders) {
      if (classes.size > 0 && !classes.has(className)) continue;
      const folder = at.class === undefined ? join(at.path, className) : at.path;
      for (const file of filesBelow(join(path, folder))) {
        listing.addFile('test', className, file);
      }
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
