// The parts of a data set, in the order in which they are stored and shown.

/** Every part. Networks learn from `train` and are compared on `val`; `test` is held out: nothing
 *  is trained or validated on it, and a data set may have none. */
export const partNames = ['train', 'val', 'test'] as const;

/** Name of a part. */
export type PartName = (typeof partNames)[number];

/** The parts that every data set has. */
export const neededParts = ['train', 'val'] as const satisfies readonly PartName[];

/** What images of a part are called in sentences: "4 validation images". */
export const partWords: Readonly<Record<PartName, string>> = {
  train: 'training',
  val: 'validation',
  test: 'test',
};

/** Something for every part. */
export type ByPart<T> = Readonly<Record<PartName, T>>;

/** Makes something for every part, in their order. */
export function byPart<T>(make: (part: PartName) => T): ByPart<T> {
  const [train, val, test] = [make('train'), make('val'), make('test')];
  return { train, val, test };
}
