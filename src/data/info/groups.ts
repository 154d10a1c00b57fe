// Which images are copies of each other: equal fingerprints, and hashes that differ in few bits.
import { HASH_WORDS, hashDistance } from './difference-hash.js';

/** Bits of 144 in which two images' hashes may differ to count as near copies. Measured on 396
 *  images of Tiny ImageNet (64 pixels): this finds 96 % of copies recompressed at quality 70 and 97
 *  % of brightened ones, but only 13 % of those scaled to 48 pixels and back; of 7 million pairs of
 *  different images none lay below 11 bits. Fewer found copies than there are, then, and hardly a
 *  false one. */
const NEAR_BITS = 5;
// Two hashes that differ in at most 5 bits agree in at least one of 6 words.
const BANDS = HASH_WORDS;

/** Groups of two and more items with an equal key, each ascending, in order of their first item. */
export function equalGroups(keys: readonly string[]): number[][] {
  const byKey = new Map<string, number[]>();
  for (const [item, key] of keys.entries()) {
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [item]);
    else group.push(item);
  }
  return [...byKey.values()].filter((group) => group.length > 1);
}

/** Groups of items linked by hashes that differ in at most {@link NEAR_BITS} bits, ascending, in
 *  order of their first item.
 *  @param hashes u32 [count * 6]
 *  @param isJudged whether an item has enough structure to be compared */
export function nearGroups(hashes: Uint32Array, isJudged: readonly boolean[]): number[][] {
  const parent = Int32Array.from(isJudged, (_, item) => item);
  const root = (item: number): number => {
    let at = item;
    while (parent[at] !== at) at = parent[at] = parent[parent[at] as number] as number;
    return at;
  };
  for (let band = 0; band < BANDS; band++) {
    const buckets = new Map<number, number[]>();
    for (const [item, judged] of isJudged.entries()) {
      if (!judged) continue;
      const key = hashes[item * HASH_WORDS + band] as number;
      const bucket = buckets.get(key) ?? [];
      for (const other of bucket) {
        if (root(other) === root(item)) continue;
        const distance = hashDistance(hashes, other * HASH_WORDS, item * HASH_WORDS);
        if (distance <= NEAR_BITS) parent[root(item)] = root(other);
      }
      bucket.push(item);
      buckets.set(key, bucket);
    }
  }
  const groups = new Map<number, number[]>();
  for (const [item, judged] of isJudged.entries()) {
    if (!judged) continue;
    const group = groups.get(root(item)) ?? [];
    group.push(item);
    groups.set(root(item), group);
  }
  return [...groups.values()].filter((group) => group.length > 1).sort(([a = 0], [b = 0]) => a - b);
}
