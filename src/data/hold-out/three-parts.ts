// A data set in three parts, for choosing between networks and then judging the choice: images to
// train on, to choose by, and to judge with once.
import { hash } from 'node:crypto';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { type Check, mapOf, objectOf, oneOf, unchecked } from '../../base/checks.js';
import { RunStoreError } from '../../base/errors.js';
import { readChecked } from '../../base/json-file.js';
import { partNames, type PartName } from '../parts.js';
import type { ImageSource, SourceEntry, SourceFile } from '../source.js';
import { everyEntry } from '../sources/every-entry.js';
import type { PackedFile, PackedFiles } from '../store/manifest.js';
import { alikeGroups, type Candidate, divide } from './divide.js';
import type { HeldOut } from './held-out.js';

/** How a data set is divided in three. Validation or test images that it has are its test part;
 *  else some training images are. */
export interface ThreeParts {
  /** Share of each class's training images that become validation images, 0..1 without both. */
  readonly selection: number;
  /** Share that become test images, 0..1 without both, where none are given. */
  readonly test: number;
  readonly seed: number;
  /** Most images of a class that are taken of the training images, and of the others; drawn by
   *  their names. */
  readonly perClass: number;
  /** Path of a store that the same files were packed into: its division is taken. What looks alike
   *  depends on the size of the records, so that another size could divide otherwise. */
  readonly like?: string;
}

/** The files in three parts. Equal images and near copies are in one part: with a given test image
 *  in the test part, else where the draw puts them (see {@link divide}). */
export function divideInThree(packed: PackedFiles, parts: ThreeParts): PackedFiles {
  if (parts.like !== undefined) return dividedLike(packed, parts.like);
  const candidates = packed.files.flatMap((file, index): Indexed[] => {
    const { skipped, sha256, look } = file;
    if (skipped !== null || sha256 === null || look === undefined) return [];
    return [{ index, class: file.class, sha256, look }];
  });
  const given = givenTests(packed.files, candidates);
  const { seed } = parts;
  const drawn = given.size > 0 ? null : divide(candidates, { share: parts.test, seed });
  const test = drawn === null ? given : indicesOf(candidates, drawn.held);
  const rest = candidates.filter(({ index }) => !test.has(index));
  // Of what is left, so that the share is one of all training images.
  const share = drawn === null ? parts.selection : parts.selection / (1 - parts.test);
  const chosen = divide(rest, { share, seed });
  const selection = indicesOf(rest, chosen.held);
  const files = packed.files.map((file, index): PackedFile => {
    const part = test.has(index) ? 'test' : selection.has(index) ? 'val' : 'train';
    return { ...file, part };
  });
  const heldOut: HeldOut = {
    ...{ share: parts.selection, seed, images: selection.size },
    together: chosen.together + (drawn === null ? 0 : drawn.together),
    alike: [...new Set([...(drawn?.alike ?? []), ...chosen.alike])],
  };
  return { ...packed, files, heldOut };
}

/** What is kept of a division beside its store. */
interface Division {
  /** By {@link keyOf}. */
  readonly parts: Readonly<Record<string, PartName>>;
  readonly heldOut: HeldOut | null;
}

const divisionCheck: Check<Division> = objectOf<Division>({
  parts: mapOf(oneOf(...partNames)),
  heldOut: unchecked(),
});

const divisionPath = (store: string): string => `${store}.parts.json`;

/** Keeps a division for other stores of the same files.
 *  @param packed before it, `divided` after it, in the same order */
export function keepDivision(store: string, packed: PackedFiles, divided: PackedFiles): void {
  const parts = divided.files.map(({ part }, at) => [keyOf(packed.files[at] as PackedFile), part]);
  const division = { parts: Object.fromEntries(parts), heldOut: divided.heldOut ?? null };
  writeFileAtomic(divisionPath(store), `${JSON.stringify(division)}\n`);
}

function dividedLike(packed: PackedFiles, store: string): PackedFiles {
  const path = divisionPath(store);
  const hint = 'Remove the store beside it: it is packed again.';
  const known = readChecked(path, divisionCheck, hint);
  const files = packed.files.map((file): PackedFile => {
    const part = known?.parts[keyOf(file)];
    if (part === undefined) throw new RunStoreError(`${path}: lacks ${keyOf(file)}`, { hint });
    return { ...file, part };
  });
  return { ...packed, files, ...(known?.heldOut ? { heldOut: known.heldOut } : {}) };
}

interface Indexed extends Candidate {
  readonly index: number;
}

/** Images that are no training images, and those that look like one of them. */
function givenTests(files: readonly PackedFile[], candidates: readonly Indexed[]): Set<number> {
  const isGiven = ({ index }: Indexed): boolean => files[index]?.part !== 'train';
  if (!candidates.some(isGiven)) return new Set();
  const groupOf = alikeGroups(candidates);
  const groups = new Set(candidates.flatMap((each, at) => (isGiven(each) ? [groupOf[at]] : [])));
  return new Set(candidates.flatMap(({ index }, at) => (groups.has(groupOf[at]) ? [index] : [])));
}

function indicesOf(candidates: readonly Indexed[], held: readonly number[]): Set<number> {
  return new Set(held.map((at) => (candidates[at] as Indexed).index));
}

/** The sources with at most `perClass` training files of each class, and as many others; which is
 *  drawn by their names. Archives are read to their end for it.
 *  @throws DataError if an archive is damaged */
export async function sampledSources(
  sources: readonly ImageSource[],
  { perClass, seed }: Pick<ThreeParts, 'perClass' | 'seed'>,
): Promise<readonly ImageSource[]> {
  const byClass = new Map<string, { key: string; draw: string }[]>();
  for await (const entry of everyEntry(sources, () => undefined)) {
    if (entry.kind !== 'file') continue;
    const place = `${entry.part === 'train' ? 'train' : 'others'}/${entry.class}`;
    const key = keyOf(entry);
    const known = byClass.get(place) ?? [];
    known.push({ key, draw: hash('sha256', `sample ${seed} ${key}`) });
    byClass.set(place, known);
  }
  const kept = new Set<string>();
  for (const files of byClass.values()) {
    files.sort((a, b) => (a.draw < b.draw ? -1 : Number(a.draw > b.draw)));
    for (const { key } of files.slice(0, perClass)) kept.add(key);
  }
  const isKept = (entry: SourceEntry): boolean => entry.kind !== 'file' || kept.has(keyOf(entry));
  return sources.map((source) => withOnly(source, isKept));
}

type Keyed = Pick<SourceFile, 'part' | 'class' | 'name' | 'shard'>;

function keyOf({ part, class: className, name, shard = '' }: Keyed): string {
  return [part, className, name, shard].join('/');
}

function withOnly(source: ImageSource, isKept: (entry: SourceEntry) => boolean): ImageSource {
  const { test } = source;
  const held = test && {
    listing: test.listing?.filter(isKept) ?? null,
    files: async function* (
      classes: ReadonlySet<string>,
      onBytes: (bytes: number) => void,
    ): AsyncGenerator<SourceFile> {
      for await (const file of test.files(classes, onBytes)) if (isKept(file)) yield file;
    },
  };
  return {
    ...source,
    listing: source.listing?.filter(isKept) ?? null,
    async *entries(onBytes) {
      for await (const entry of source.entries(onBytes)) if (isKept(entry)) yield entry;
    },
    ...(held === undefined ? {} : { test: held }),
  };
}
