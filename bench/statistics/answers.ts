// What the answers in words claim, and whether a world has it so.
import type { Finding } from '../../src/report/findings.js';
import { effectPt, layers, type World } from './worlds.js';

/** A claim of an answer. */
interface Claim {
  readonly id: string;
  /** Where the answer makes it; a first group is n, or several. */
  readonly pattern: RegExp;
  /** Whether the world has it so at n.
   *  @param target whom the answer speaks of; null for the mean of both */
  isTrue(world: World, n: number, target: string | null): boolean;
}

const coadaptation = (world: World, n: number, target: string | null) =>
  -effectPt(world, 'BnB', n, target);
const specificity = (world: World, n: number, target: string | null) =>
  effectPt(world, 'BnB', n, target) - effectPt(world, 'AnB', n, target);
const overAll = (
  world: World,
  against: 'BnB+' | 'warm-restart' | 'base',
  target: string | null,
): number => {
  const differences = layers.map(
    (n) => effectPt(world, 'AnB+', n, target) - effectPt(world, against, n, target),
  );
  return differences.reduce((sum, each) => sum + each, 0) / layers.length;
};

/** Every claim that the simulation judges, by the words that make it. */
export const claims: readonly Claim[] = [
  {
    id: 'transfer hurts from n on',
    pattern: /From n = (\d+) on: against its own base/,
    isTrue: (world, n, target) =>
      layers.every((later) => later < n || effectPt(world, 'AnB', later, target) < 0),
  },
  {
    id: 'a co-adaptation drop at n',
    pattern: /There is a co-adaptation drop at n = ([\d, ]+);/,
    isTrue: (world, n, target) => coadaptation(world, n, target) > 0,
  },
  {
    id: 'a specificity drop at n',
    pattern: /There is a specificity drop at n = ([\d, ]+);/,
    isTrue: (world, n, target) => specificity(world, n, target) > 0,
  },
  {
    id: 'specificity is the larger part from n on',
    pattern: /the larger part of the loss from n = (\d+) on/,
    isTrue: (world, n, target) =>
      layers.every(
        (later) =>
          later < n ||
          specificity(world, later, target) > Math.max(0, coadaptation(world, later, target)),
      ),
  },
  ...(['BnB+', 'warm-restart'] as const).flatMap((against): Claim[] => {
    const over = {
      'BnB+': 'Against the fine-tuned selffer [^:]*',
      'warm-restart': 'Against the warm restart[^:]*',
    }[against];
    const says = (words: string) => new RegExp(`${over}: \\S+ \\[[^\\]]*\\] Pt[,;] ${words}`);
    return [
      {
        id: `AnB+ above ${against}`,
        pattern: says('so the other task adds something'),
        isTrue: (world, _, target) => overAll(world, against, target) > 0,
      },
      {
        id: `AnB+ below ${against}`,
        pattern: says('so transfer does worse'),
        isTrue: (world, _, target) => overAll(world, against, target) < 0,
      },
      {
        id: `no 1 Pt of AnB+ over ${against}`,
        pattern: says('so the two cannot be told apart; a gain of 1 Pt or more is ruled out'),
        isTrue: (world, _, target) => overAll(world, against, target) < 1,
      },
    ];
  }),
  {
    id: 'no loss resolved although up to 10 Pt are lost',
    pattern: /At no n is there a lasting loss|No specificity drop is resolved/,
    isTrue: (world, _, target) => layers.every((n) => effectPt(world, 'AnB', n, target) > -5),
  },
];

/** The claims that an answer makes; one about several n is true if it is of each.
 *  @param target whom it speaks of; null for all targets */
export function claimsOf(
  { answer }: Finding,
  world: World,
  target: string | null,
): { readonly id: string; readonly isTrue: boolean }[] {
  return claims.flatMap(({ id, pattern, isTrue }) => {
    const match = pattern.exec(answer);
    if (match === null) return [];
    const layersNamed = (match[1] ?? '0').split(',').map(Number);
    return [{ id, isTrue: layersNamed.every((n) => isTrue(world, n, target)) }];
  });
}
