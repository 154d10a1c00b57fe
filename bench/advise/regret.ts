// Regret: what is lost against the best arm of the sweep, which is chosen honestly.
import type { CutEvidence } from '../../src/advise/cheap-stage.js';
import type { SweptArm } from './sweep.js';

/** Who chooses, in the order of the table. */
export const choosers = [
  'advise, as delivered',
  'advise, its way swept',
  'fine-tune everything',
  'last layer only',
  'half-way cut, frozen',
  'best LogME, frozen',
  'from scratch',
  'best of the sweep by selection',
] as const;

/** One of {@link choosers}. */
export type Chooser = (typeof choosers)[number];

/** What one of them loses. */
export interface Regret {
  readonly chooser: Chooser;
  /** Its way; null where that is a network of its own. */
  readonly way: string | null;
  /** On all test images. */
  readonly accuracy: number;
  /** Points that the best arm gets more. */
  readonly regretPt: number;
  /** Scatter over the parts of the test images. */
  readonly standardErrorPt: number;
}

/** What the best arm gets in each part: the arm that is best on the even parts, in the odd ones,
 *  and the other way round, so that no part is used to choose and to judge. */
export function oracleFolds(arms: readonly SweptArm[]): readonly number[] {
  const best = (parity: number): SweptArm => {
    const on = ({ folds }: SweptArm): number =>
      mean(folds.filter((_, fold) => fold % 2 === parity));
    return arms.reduce((found, each) => (on(each) > on(found) ? each : found));
  };
  const [even, odd] = [best(0), best(1)];
  return even.folds.map((_, fold) => (fold % 2 === 0 ? odd : even).folds[fold] as number);
}

/** Regret of something with these accuracies in the parts. */
export function regretOf(
  chooser: Chooser,
  way: string | null,
  folds: readonly number[],
  oracle: readonly number[],
): Regret {
  const lost = folds.map((each, fold) => 100 * ((oracle[fold] as number) - each));
  const centre = mean(lost);
  const squares = lost.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const standardErrorPt = Math.sqrt(squares / (lost.length - 1) / lost.length);
  return { chooser, way, accuracy: mean(folds), regretPt: centre, standardErrorPt };
}

/** The best on the images to choose by, of those that a rival considers; of equal ones that of the
 *  smaller loss. */
export function chosenOf(
  arms: readonly SweptArm[],
  isConsidered: (arm: SweptArm) => boolean,
): SweptArm | null {
  const [best] = arms
    .filter(isConsidered)
    .sort((a, b) => b.selectionAccuracy - a.selectionAccuracy || a.selectionLoss - b.selectionLoss);
  return best ?? null;
}

/** What the rivals consider, of a network with `last` cuts. */
export function rivalsOf(
  last: number,
  cuts: readonly number[],
  evidence: readonly CutEvidence[],
): readonly (readonly [Chooser, (arm: SweptArm) => boolean])[] {
  const near = (wanted: number): number =>
    cuts.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
  const logMe = evidence.reduce((a, b) => (b.logMe >= a.logMe ? b : a)).n;
  const frozenAt =
    (n: number) =>
    ({ arm }: SweptArm) =>
      arm.n === n && (arm.treatment === 'AnB' || arm.treatment === 'probe');
  return [
    [
      'fine-tune everything',
      ({ arm }) => arm.n === last && (arm.treatment === 'AnB+' || arm.treatment === 'AnB+-slow'),
    ],
    ['last layer only', frozenAt(last)],
    ['half-way cut, frozen', frozenAt(near(Math.ceil(last / 2)))],
    ['best LogME, frozen', frozenAt(near(logMe))],
    ['from scratch', ({ arm }) => arm.treatment === 'base'],
    ['best of the sweep by selection', () => true],
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
