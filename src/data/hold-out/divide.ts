// Training images that become validation images, for data sets that come without.
import { hash } from 'node:crypto';
import { equalGroups, nearGroups } from '../info/groups.js';
import { HASH_WORDS } from '../info/difference-hash.js';
import { heldOf, type HoldOut } from './held-out.js';
import type { Look } from './look.js';

/** A training image as far as the division needs it. */
export interface Candidate {
  readonly class: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
  /** What it looks like. */
  readonly look: Look;
}

/** Which images are held out. */
export interface Division {
  /** Indices into the candidates, ascending. */
  readonly held: readonly number[];
  /** Classes all of whose images look alike: they are divided all the same. */
  readonly alike: readonly string[];
  /** Images that stay beside one they look like. */
  readonly together: number;
}

/** Holds out `share` of each class, rounded, at least one image and never all. Equal images and
 *  near copies (see {@link nearGroups}) stay on one side, also across classes. Which groups are
 *  taken is drawn by their images' bytes: adding an image to the set moves few others, and neither
 *  names nor order matter. */
export function divide(candidates: readonly Candidate[], { share, seed }: HoldOut): Division {
  const groupOf = alikeGroups(candidates);
  const wanted = quotas(candidates, share);
  const inOrder = byDraw(candidates, groupOf, seed);
  const taken = new Map<string, number>();
  const held = new Set<number>();
  const take = (group: readonly number[]) => {
    for (const index of group) {
      held.add(index);
      const name = (candidates[index] as Candidate).class;
      taken.set(name, (taken.get(name) ?? 0) + 1);
    }
  };
  for (const group of inOrder) {
    const of = counted(group.map((index) => (candidates[index] as Candidate).class));
    const fits = [...of].every(
      ([name, count]) => (taken.get(name) ?? 0) + count <= (wanted.get(name) ?? 0),
    );
    if (fits) take(group);
  }
  const alike = [...wanted].flatMap(([name, most]) =>
    most > 0 && (taken.get(name) ?? 0) === 0 ? [name] : [],
  );
  for (const name of alike) {
    const own = inOrder.flat().filter((index) => candidates[index]?.class === name);
    take(own.slice(0, wanted.get(name)));
  }
  const together = inOrder.reduce((sum, { length }) => sum + (length > 1 ? length : 0), 0);
  return { held: [...held].sort((a, b) => a - b), alike, together };
}

function counted(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function quotas(candidates: readonly Candidate[], share: number): Map<string, number> {
  const counts = counted(candidates.map((each) => each.class));
  return new Map([...counts].map(([name, count]) => [name, heldOf(count, share)]));
}

/** For each candidate the least index of those it is linked to: equal images and near copies. */
export function alikeGroups(candidates: readonly Candidate[]): Int32Array {
  const parent = Int32Array.from(candidates, (_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] as number;
    parent[index] = at;
    return at;
  };
  const hashes = new Uint32Array(candidates.length * HASH_WORDS);
  for (const [index, { look }] of candidates.entries()) hashes.set(look.hash, index * HASH_WORDS);
  const isJudged = candidates.map(({ look }) => look.isJudged);
  const equal = equalGroups(candidates.map(({ sha256 }) => sha256));
  for (const [first = 0, ...others] of [...equal, ...nearGroups(hashes, isJudged)]) {
    for (const other of others) {
      const [a, b] = [root(first), root(other)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return Int32Array.from(candidates, (_, index) => root(index));
}

/** The groups in the order of the draw, each ascending. */
function byDraw(
  candidates: readonly Candidate[],
  groupOf: Int32Array,
  seed: number,
): readonly (readonly number[])[] {
  const members = new Map<number, { draw: string; group: number[] }>();
  for (const [index, { sha256 }] of candidates.entries()) {
    const draw = hash('sha256', `hold out ${seed} ${sha256}`);
    const known = members.get(groupOf[index] as number);
    if (known === undefined) members.set(groupOf[index] as number, { draw, group: [index] });
    else {
      known.group.push(index);
      if (draw < known.draw) known.draw = draw;
    }
  }
  return [...members.values()]
    .sort((a, b) => (a.draw < b.draw ? -1 : Number(a.draw > b.draw)))
    .map(({ group }) => group);
}
