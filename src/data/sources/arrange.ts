// How a folder or an archive is arranged: which of its folders are parts and which are classes. In
// people's data sets parts are called training, valid or seg_test, lie a folder or two deeper, or
// are missing altogether.
import { DataError } from '../../base/errors.js';
import { partNames, partOfWord, type PartName } from '../parts.js';
import type { SourcePlace } from '../source.js';

/** A folder as far as its arrangement needs: without hidden folders and those that systems leave
 *  behind. */
export interface Tree {
  /** Names of the folders in it. */
  readonly folders: readonly string[];
  /** Whether it has images of its own, by their names. */
  readonly hasFiles: boolean;
  child(name: string): Tree;
}

/** One folder of classes: `path` below the whole, and the part that its images belong to. Where
 *  classes come first, `path` is one class's folder of the part and `class` its name. */
export interface ClassesAt {
  readonly part: PartName;
  readonly path: string;
  readonly class?: string;
}

/** Where the images of a data set lie. */
export interface Arrangement {
  readonly at: readonly ClassesAt[];
  /** In a few words that fit after "taken for". */
  readonly recognised: string;
  /** The same where the test part turns out to have no image of a known class. */
  readonly recognisedWithoutTest?: string;
  /** Folders that lie beside what was taken, as paths. */
  readonly leftAside: readonly string[];
  /** Whether no folder is named as a part: all images are for training, until some are held out. */
  readonly isUndivided: boolean;
}

// Folders in which people put a data set, one in another.
const DEEPEST = 6;

/** The arrangement of `tree`. Looked for, in this order, at each level on the way down through
 *  folders that hold only one other: folders named as parts (`train`, `Validation`, or
 *  `seg_train` beside `seg_test`); a folder of such parts for each class; folders of classes alone.
 *  Null if there are no folders.
 *  @throws DataError if two folders are named as the same part */
export function arrange(tree: Tree): Arrangement | null {
  let [here, path] = [tree, ''];
  const leftAside: string[] = [];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const parts = partFolders(here, path);
    if (parts !== null) return byParts(here, path, parts, leftAside);
    const divided = here.folders.filter((name) => partFolders(here.child(name), name) !== null);
    if (divided.length > 1 && divided.length === here.folders.length) {
      return byClasses(here, path, leftAside) ?? several(here, path, leftAside);
    }
    const inner = divided.length === 1 ? divided[0] : lonely(here);
    if (inner === undefined) break;
    leftAside.push(...here.folders.filter((name) => name !== inner).map((name) => path + name));
    [here, path] = [here.child(inner), `${path}${inner}/`];
  }
  return here.folders.length === 0 ? null : undivided(here, path, leftAside);
}

/** The one folder that everything lies in; undefined if there are several, or it is a class. */
function lonely(tree: Tree): string | undefined {
  const [only, other] = tree.folders;
  const isWrapper = only !== undefined && other === undefined && !tree.hasFiles;
  return isWrapper && tree.child(only).folders.length > 0 ? only : undefined;
}

/** Folders that are named as parts, if there are training ones or nothing else. */
function partFolders(tree: Tree, path: string): Map<PartName, string> | null {
  const named = tree.folders.flatMap((name) => {
    const part = partOfWord(name);
    return part === null ? [] : [{ name, part }];
  });
  const isDivided =
    named.some(({ part }) => part === 'train') ||
    (named.length > 0 && named.length === tree.folders.length);
  return distinct(isDivided ? named : akin(tree.folders), path);
}

/** `seg_train` and `seg_test`: names that differ only in the word for the part. */
function akin(names: readonly string[]): { name: string; part: PartName }[] {
  const families = new Map<string, { name: string; part: PartName }[]>();
  for (const name of names) {
    const words = name.split(/([^A-Za-z]+)/);
    for (const [at, word] of words.entries()) {
      const part = partOfWord(word);
      if (part === null) continue;
      const rest = words.with(at, '*').join('').toLowerCase();
      families.set(rest, [...(families.get(rest) ?? []), { name, part }]);
    }
  }
  const parts = (each: { part: PartName }[]) => new Set(each.map(({ part }) => part));
  const found = [...families.values()].filter(
    (each) => parts(each).has('train') && parts(each).size > 1,
  );
  return found.length === 1 ? (found[0] ?? []) : [];
}

function distinct(named: { name: string; part: PartName }[], path: string) {
  const parts = new Map<PartName, string>();
  for (const { name, part } of named) {
    const other = parts.get(part);
    if (other !== undefined) {
      throw new DataError(`${path}${other}/ and ${path}${name}/ are both named as ${part} images`, {
        hint: 'Rename one of them to train, val or test, or move it out of the data set.',
      });
    }
    parts.set(part, name);
  }
  return parts.size === 0 ? null : parts;
}

function byParts(
  tree: Tree,
  path: string,
  parts: ReadonlyMap<PartName, string>,
  leftAside: readonly string[],
): Arrangement {
  const names = new Set(parts.values());
  const aside = tree.folders.filter((name) => !names.has(name)).map((name) => path + name);
  const at = partNames.flatMap((part): ClassesAt[] => {
    const name = parts.get(part);
    if (name === undefined) return [];
    return [{ part, path: innermost(tree.child(name), `${path}${name}`) }];
  });
  return {
    ...{ at, isUndivided: false, leftAside: [...leftAside, ...aside] },
    recognised: partsText(at),
    recognisedWithoutTest: partsText(at.filter(({ part }) => part !== 'test')),
  };
}

function partsText(at: readonly ClassesAt[]): string {
  const says = at.map(({ part, path }) => `${path}/<class>/${path === part ? '' : ` for ${part}`}`);
  return `folders ${inWords(says)}`;
}

// `train/images/<class>/`, `seg_train/seg_train/<class>/`: not the one class "images".
function innermost(tree: Tree, path: string): string {
  const inner = lonely(tree);
  if (inner === undefined) return path;
  const below = tree.child(inner);
  const isNamed = partOfWord(inner) !== null || path.endsWith(`/${inner}`) || path === inner;
  const isImages = /^(images?|imgs?|data|jpegimages|pictures|photos)$/i.test(inner);
  const isLevel = isNamed || isImages || below.folders.length > 1;
  return isLevel && !below.hasFiles ? innermost(below, `${path}/${inner}`) : path;
}

// Parts that hold images, not folders of classes: what is above them is the class.
function byClasses(tree: Tree, path: string, leftAside: readonly string[]): Arrangement | null {
  const at: ClassesAt[] = [];
  for (const name of tree.folders) {
    const inside = tree.child(name);
    const parts = partFolders(inside, `${path}${name}/`) ?? new Map<PartName, string>();
    for (const part of partNames) {
      const folder = parts.get(part);
      if (folder === undefined) continue;
      if (inside.child(folder).folders.length > 0) return null;
      at.push({ part, class: name, path: `${path}${name}/${folder}` });
    }
  }
  const found = partNames.filter((part) => at.some((each) => each.part === part));
  return {
    ...{ at, leftAside, isUndivided: false },
    recognised: `folders ${inWords(found.map((part) => `${path}<class>/${part}/`))}`,
  };
}

// `images-1/train/<class>/` and `images-2/train/<class>/`: one data set in several folders.
function several(tree: Tree, path: string, leftAside: readonly string[]): Arrangement {
  const each = tree.folders.flatMap((name) => {
    const inner = `${path}${name}/`;
    const parts = partFolders(tree.child(name), inner);
    return parts === null ? [] : [byParts(tree.child(name), inner, parts, [])];
  });
  return {
    at: partNames.flatMap((part) => each.flatMap(({ at }) => at.filter((a) => a.part === part))),
    leftAside: [...leftAside, ...each.flatMap((one) => one.leftAside)],
    recognised: `the folders of ${each.length} data sets: ${each.map((one) => one.recognised).join('; ')}`,
    isUndivided: false,
  };
}

function undivided(tree: Tree, path: string, leftAside: readonly string[]): Arrangement {
  const nested = tree.folders.filter((name) => {
    const { folders, hasFiles } = tree.child(name);
    return folders.length > 1 && !hasFiles;
  });
  const [first] = nested;
  const deeper = first === undefined ? '' : `; each with all folders below it, such as ${first}/`;
  return {
    ...{ leftAside, isUndivided: true },
    at: [{ part: 'train', path: path === '' ? '' : path.slice(0, -1) }],
    recognised: `folders ${path}<class>/ without parts, all for training${deeper}`,
  };
}

function inWords(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Where a path inside what was arranged belongs; null if it lies elsewhere. */
export function placeIn({ at }: Arrangement, path: string): SourcePlace | null {
  const found = at.find((each) => each.path === '' || path.startsWith(`${each.path}/`));
  if (found === undefined) return null;
  const rest = found.path === '' ? path : path.slice(found.path.length + 1);
  const [first = '', ...others] = rest.split('/');
  const [className, name] =
    found.class === undefined ? [first, others.join('/')] : [found.class, rest];
  return className === '' ? null : { part: found.part, class: className, name };
}
