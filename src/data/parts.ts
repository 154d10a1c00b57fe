// The parts of a data set, in the order in which they are stored and shown.

/** Every part. Networks learn from `train` and are compared on `val`; `test` is held out: nothing
 *  is trained or validated on it, and a data set may have none. */
export const partNames = ['train', 'val', 'test'] as const;

/** Name of a part. @useDeclaredType */
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

/** The words by which people call the parts in names of folders, files and archives. */
export const partsByWord = {
  train: 'train',
  training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
  eval: 'test',
  evaluation: 'test',
} as const satisfies Readonly<Record<string, PartName>>;

/** The part that a whole name is a word for, in capital letters or not ("Train"); null if it is not
 *  one. */
export function partOfWord(name: string): PartName | null {
  const word = name.toLowerCase();
  return Object.hasOwn(partsByWord, word) ? partsByWord[word as keyof typeof partsByWord] : null;
}

/** The parts that the words of a name speak of, in their order there; words are letters, whatever
 *  is between them: "imagenet_val2012" speaks of val. */
export function partsInName(name: string): readonly PartName[] {
  const parts = name.split(/[^A-Za-z]+/).flatMap((word) => partOfWord(word) ?? []);
  return [...new Set(parts)];
}
