// Which classes of a data set a task names: by name, by subtree of WordNet, or as the rest.
import { DataError } from '../../base/errors.js';
import { type ClassHalves, explicitClasses, explicitHalves } from './splits.js';
import { isSynsetId, openWordNet, type WordNet } from '../wordnet/database.js';

/** Classes of which one of the synsets `under` is an ancestor (or the class itself), and none of
 *  `not`. */
export interface Subtrees {
  readonly under: readonly string[];
  readonly not: readonly string[];
}

/** Names and subtrees; together they are the classes. */
export type ClassItems = readonly (string | Subtrees)[];

/** One task's classes; `rest`: all that the other task leaves. */
export type ClassChoice = 'rest' | ClassItems;

/** Opens the database when the first subtree is met. */
export type OpenWordNet = (purpose: string) => WordNet;

/** The classes of two tasks of one data set, each in byte order.
 *  @throws DataError as {@link explicitHalves} and {@link selectClasses}, or if `rest` is fewer
 *  than two classes */
export function selectHalves(
  classes: readonly string[],
  choices: Readonly<Record<'A' | 'B', ClassChoice>>,
  open: OpenWordNet = openWordNet,
): ClassHalves {
  const { A, B } = choices;
  const [a, b] = [expand(classes, A, 'task A', open), expand(classes, B, 'task B', open)];
  return explicitHalves(classes, {
    A: a ?? restOf(classes, b ?? [], 'task A'),
    B: b ?? restOf(classes, a ?? [], 'task B'),
  });
}

/** The classes of one task, in byte order; `who` names it in errors.
 *  @throws DataError as {@link explicitClasses}; if WordNet is needed and missing; for a subtree
 *  root that is not a noun, a subtree without any class of the data set, or data whose classes are
 *  not synsets */
export function selectClasses(
  classes: readonly string[],
  items: ClassItems,
  who: string,
  open: OpenWordNet = openWordNet,
): readonly string[] {
  return explicitClasses(classes, expand(classes, items, who, open) ?? [], who);
}

function expand(
  classes: readonly string[],
  choice: ClassChoice,
  who: string,
  open: OpenWordNet,
): readonly string[] | null {
  if (choice === 'rest') return null;
  const named = choice.filter((item) => typeof item === 'string');
  const subtrees = choice.filter((item) => typeof item !== 'string');
  if (subtrees.length === 0) return named;
  const synsets = classes.filter(isSynsetId);
  if (synsets.length === 0) {
    throw new DataError(
      `${who}: {under: ...} needs classes that are WordNet synset ids such as n02084071, the data set's begin with ${classes.slice(0, 3).join(', ')}`,
    );
  }
  const wordNet = open(`${who}: {under: ...}`);
  const below = subtrees.flatMap((each) => classesBelow(synsets, each, who, wordNet));
  // A class that two subtrees, or a subtree and a name, both give is meant once; a name given twice
  // is a slip and stays one.
  const inSubtrees = new Set(below);
  const all = [...inSubtrees, ...named.filter((name) => !inSubtrees.has(name))];
  if (all.length < 2) {
    throw new DataError(`${who}: found 1 class (${all.join()}), wanted at least 2`);
  }
  return all;
}

function classesBelow(
  synsets: readonly string[],
  { under, not }: Subtrees,
  who: string,
  wordNet: WordNet,
): readonly string[] {
  // Looked up first: a root that is not a noun must not pass for one without classes.
  const named = (roots: readonly string[]) =>
    roots.map((root) => `${root} (${wordNet.word(root)})`).join(', ');
  const [roots, exceptions] = [named(under), named(not)];
  const found = synsets.filter((id) => {
    const ancestors = wordNet.ancestors(id);
    const isBelow = (root: string): boolean => ancestors.has(root);
    return under.some(isBelow) && !not.some(isBelow);
  });
  if (found.length === 0) {
    throw new DataError(
      `${who}: the data set has no class under ${roots}${exceptions === '' ? '' : ` and not under ${exceptions}`}`,
    );
  }
  return found;
}

function restOf(classes: readonly string[], other: readonly string[], who: string) {
  const taken = new Set(other);
  const rest = classes.filter((name) => !taken.has(name));
  if (rest.length >= 2) return rest;
  throw new DataError(
    `${who}: the other task leaves ${rest.length} of ${classes.length} classes, wanted at least 2`,
  );
}
