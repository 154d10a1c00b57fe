// What curves are of, in words.
import type { CurveKind } from '../state/api-client.js';

/** What each kind is called, on axes and in menus. */
export const curveWords: Readonly<Record<CurveKind, string>> = {
  accuracy: 'test accuracy',
  loss: 'test loss',
  trainLoss: 'training loss',
};

/** All kinds, in the order of menus. */
export const curveKinds = Object.keys(curveWords) as readonly CurveKind[];

/** Title of an axis: accuracies are in percent there. */
export function unitOf(kind: CurveKind): string {
  return kind === 'accuracy' ? `${curveWords[kind]}, %` : curveWords[kind];
}

/** A value as legends write it; an en dash if unknown. */
export function formatValue(value: number | null, kind: CurveKind): string {
  if (value === null) return '\u2013';
  return kind === 'accuracy' ? `${value.toFixed(1)} %` : value.toPrecision(3);
}
