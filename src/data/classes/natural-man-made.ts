// The dissimilar split: natural against man-made classes. The authors' lists for ILSVRC2012's
// synsets, their rule for all others.
import { readFileSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from './byte-order.js';
import { type ClassHalves, listed } from './splits.js';
import { isSynsetId, openWordNet, type WordNet } from '../wordnet/database.js';

// Beside src/ and dist/ alike.
const LISTS = new URL('../../../assets/ilsvrc2012-natural-man-made.txt', import.meta.url);

/** What a class shows. */
export type Kind = 'natural' | 'man-made';

/** WordNet's synset "artifact": what is below it is man-made. */
export const ARTIFACT = 'n00021939';
/** WordNet's synset "organism": what is below it is natural. */
export const ORGANISM = 'n00004475';

/** Splits WordNet synset ids ("n01440764"): those of ILSVRC2012 by the authors' lists, others by
 *  {@link kindByRule}. **A = man-made, B = natural, as in the paper's text**. (The authors'
 *  repository has the letters the other way round: its half0 of "natman" A is natural.)
 *  @param open called only if there are ids that are not among ILSVRC2012's 1000
 *  @throws DataError naming the classes that are not synsets, those that the rule does not place,
 *  or if one side is empty; if WordNet is needed and missing */
export function naturalManMade(
  classes: readonly string[],
  open: (purpose: string) => WordNet = openWordNet,
): ClassHalves {
  const kinds = new Map(ilsvrcKinds());
  const unknown = inByteOrder(classes.filter((name) => !kinds.has(name)));
  for (const [id, kind] of placeByRule(unknown, open)) kinds.set(id, kind);
  const sorted = inByteOrder(classes);
  const halves = {
    A: sorted.filter((name) => kinds.get(name) === 'man-made'),
    B: sorted.filter((name) => kinds.get(name) === 'natural'),
  };
  if (halves.A.length === 0 || halves.B.length === 0) {
    throw new DataError(
      `natural-man-made: found ${halves.A.length} man-made and ${halves.B.length} natural classes, wanted some of both`,
    );
  }
  return halves;
}

/** The rule: below "artifact" is man-made, below "organism" natural; null for neither and for both.
 *  @throws DataError if the id names no synset   @source Yosinski et al. 2014, supplement A */
export function kindByRule(id: string, wordNet: WordNet): Kind | null {
  const ancestors = wordNet.ancestors(id);
  const [isArtifact, isOrganism] = [ancestors.has(ARTIFACT), ancestors.has(ORGANISM)];
  if (isArtifact === isOrganism) return null;
  return isArtifact ? 'man-made' : 'natural';
}

function placeByRule(
  ids: readonly string[],
  open: (purpose: string) => WordNet,
): readonly (readonly [string, Kind])[] {
  if (ids.length === 0) return [];
  const nameless = ids.filter((name) => !isSynsetId(name));
  if (nameless.length > 0) {
    throw new DataError(
      `natural-man-made: found ${listed(nameless)}, wanted WordNet synset ids such as n01440764`,
      { hint: 'List such classes with tasks: {classes: {A: [...], B: [...]}}.' },
    );
  }
  const wordNet = open(
    `natural-man-made: ${listed(ids)} not among the 1000 synsets of ILSVRC2012, so WordNet has to place them`,
  );
  const placed = ids.map((id) => [id, kindByRule(id, wordNet)] as const);
  const unplaced = placed.flatMap(([id, kind]) =>
    kind === null ? [`${id} (${wordNet.word(id)})`] : [],
  );
  if (unplaced.length > 0) {
    throw new DataError(
      `natural-man-made: below neither or both of artifact and organism: ${listed(unplaced)}`,
      {
        hint: `Place them by hand, or leave them out: tasks: {classes: {A: [{under: ${ARTIFACT}}, ...], B: [{under: ${ORGANISM}}, ...]}}, with each id in A (man-made), B (natural) or neither.`,
      },
    );
  }
  return placed.flatMap(([id, kind]) => (kind === null ? [] : [[id, kind] as const]));
}

let cached: ReadonlyMap<string, Kind> | undefined;

/** Kind of each ILSVRC2012 synset, in the order of the competition's class indices. */
export function ilsvrcKinds(): ReadonlyMap<string, Kind> {
  cached ??= new Map(
    readFileSync(LISTS, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, Kind]),
  );
  return cached;
}
