// Class names of an IDX set.
import { DataError } from '../../base/errors.js';
import { readText } from './byte-stream.js';
import { checkedNames } from './class-names.js';
import type { IdxSet } from './idx-files.js';

/** Class names by label: of a mapping file, whose lines are a label and the code points of the
 *  characters it stands for ("1 65 97" is class "Aa"); without one the labels of the training
 *  images, "0" to "9" in MNIST and its relatives.
 *  @param labels u8 [count], those of the training images
 *  @throws DataError if the mapping is damaged */
export function idxClasses(
  { mapping }: Pick<IdxSet, 'mapping'>,
  labels: Uint8Array,
): ReadonlyMap<number, string> {
  if (mapping === null) {
    const met = [...new Set(labels)].sort((a, b) => a - b);
    return new Map(met.map((label) => [label, String(label)]));
  }
  const lines = readText(mapping).trim().split(/\s*\n/);
  const classes = new Map<number, string>();
  for (const [at, line] of lines.entries()) {
    const [label, ...codes] = line
      .split(/\s+/)
      .map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : -1));
    if (
      label === undefined ||
      label < 0 ||
      codes.length === 0 ||
      codes.includes(-1) ||
      classes.has(label)
    ) {
      throw new DataError(
        `${mapping}:${at + 1}: found "${line}", wanted a new label and code points, such as "10 65"`,
      );
    }
    classes.set(label, String.fromCodePoint(...codes));
  }
  checkedNames([...classes.values()], mapping);
  return classes;
}
