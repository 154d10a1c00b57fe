// The settings of the truth test: a source, images of other classes, and how many of them.

/** Where a source comes from: trained here on classes that the target does not have, drawn and
 *  never trained, or a file of `../shared/models`. */
export type SourceName =
  'glyph28' | 'glyph28-random' | 'tiny32-natural' | 'tiny32-man-made' | 'lite0' | 'ppocr';

/** What the images show. */
export type TargetName = 'glyphs' | 'natural' | 'man-made' | 'photographs';

/** One setting. */
export interface Setting {
  readonly name: string;
  readonly source: SourceName;
  readonly target: TargetName;
  readonly classes: number;
  /** Images of a class that the user has: three fifths are trained on. */
  readonly perClass: number;
  /** Images of a class that the truth is measured with. */
  readonly testPerClass: number;
  /** As `advise --budget` reads it. */
  readonly budget: string;
  /** Letters are not mirrored. */
  readonly mirror: boolean;
  /** Of networks with many cuts, those that are swept, of L segments; else all. */
  readonly cuts?: readonly number[];
  /** Whether each treatment is swept at its most usual rate alone: the network is expensive. */
  readonly isReduced: boolean;
  /** Epochs of the sweep, where the usual ones would take too long. */
  readonly epochs?: number;
}

const glyphs = { target: 'glyphs', classes: 30, mirror: false, isReduced: false } as const;
const tiny = {
  ...{ classes: 10, mirror: true, isReduced: false, testPerClass: 300, cuts: [3, 6, 7] },
} as const satisfies Partial<Setting>;
const lite0 = {
  source: 'lite0',
  target: 'photographs',
  ...{ classes: 10, mirror: true, isReduced: true },
  ...{ testPerClass: 60, budget: '5m', cuts: [22, 31] },
} as const satisfies Partial<Setting>;

/** All of them. */
export const settings: readonly Setting[] = [
  { name: 'letters-5', source: 'glyph28', perClass: 5, testPerClass: 100, budget: '2m', ...glyphs },
  {
    ...{ name: 'letters-20', source: 'glyph28', perClass: 20, testPerClass: 100, budget: '2m' },
    ...glyphs,
  },
  {
    ...{ name: 'letters-60', source: 'glyph28', perClass: 60, testPerClass: 100, budget: '2m' },
    ...glyphs,
    epochs: 15,
  },
  {
    ...{ name: 'letters-20-random', source: 'glyph28-random', perClass: 20, testPerClass: 100 },
    ...{ budget: '2m', ...glyphs },
  },
  {
    ...{ name: 'man-made-10', source: 'tiny32-natural', target: 'man-made', perClass: 10 },
    ...{ budget: '2m', ...tiny },
  },
  {
    ...{ name: 'man-made-50', source: 'tiny32-natural', target: 'man-made', perClass: 50 },
    ...{ budget: '3m', epochs: 30, ...tiny },
  },
  {
    ...{ name: 'man-made-100', source: 'tiny32-natural', target: 'man-made', perClass: 100 },
    ...{ budget: '3m', epochs: 20, ...tiny },
  },
  {
    ...{ name: 'natural-50', source: 'tiny32-man-made', target: 'natural', perClass: 50 },
    ...{ budget: '3m', epochs: 30, ...tiny },
  },
  { name: 'photographs-10', perClass: 10, epochs: 15, ...lite0 },
  { name: 'photographs-50', perClass: 50, epochs: 4, ...lite0 },
  {
    ...{ name: 'text-to-letters-20', source: 'ppocr', target: 'glyphs', classes: 10 },
    ...{ perClass: 20, testPerClass: 60, budget: '4m', mirror: false, isReduced: true },
    cuts: [12, 24],
    epochs: 30,
  },
];
