import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { buildResults } from '../study/results/build.js';
import type { TreatmentKind } from '../study/treatments.js';
import { convergenceOf, untrainedBasesOf } from './base-convergence.js';
import { warningsOf } from './warnings.js';

const study = { name: 'made', weightLayers: 4, statistic: 'final' } as const;

/** Four splits whose control lies `gain` above the base, give or take `spread`. */
function withControl(control: TreatmentKind, gain: number, spread: number, family?: 'classes') {
  const networks = makeNetworks({
    weightLayers: 4,
    splits: family ? 1 : 4,
    repeats: family ? 3 : 1,
    treatments: ['base', 'BnB', control],
    accuracy: ({ treatment, split, repeat, target }) =>
      treatment !== control
        ? 0.5
        : 0.5 +
          (family && target === 'A' ? 0 : gain) +
          spread * Math.cos(3 * Number(split.slice(5)) + 2 * repeat),
  });
  const own = networks.map((each) => ({ ...each, family: family ?? each.family }));
  return buildResults({ study, networks: own });
}

const withRestart = (gain: number, spread: number, family?: 'classes') =>
  withControl('warm-restart', gain, spread, family);

describe('bases', () => {
  it('are not trained to their end if the warm restart is resolved above them', () => {
    const convergence = convergenceOf(withRestart(0.03, 0.005));
    expect(convergence.state).toBe('gains');
    expect(convergence.sentence).toMatch(
      /longer training alone \(warm restart\) gains \+[23]\.\d \[\+/,
    );
  });

  it.each(['base-long', 'warm-restart-2'] as const)('are judged by %s too', (control) => {
    expect(convergenceOf(withControl(control, 0.03, 0.005)).state).toBe('gains');
    expect(convergenceOf(withControl(control, 0.004, 0.001)).state).toBe('trained');
  });

  it('are trained if a gain of 1 Pt is ruled out, even if a smaller one is there', () => {
    expect(convergenceOf(withRestart(0.004, 0.001))).toEqual({ state: 'trained', sentence: null });
    expect(convergenceOf(withRestart(-0.02, 0.001)).state).toBe('trained');
  });

  it('are not known to be without the control, or if its interval is wide', () => {
    expect(convergenceOf(withRestart(0.01, 0.05)).state).toBe('unknown');
    expect(convergenceOf(buildResults({ study, networks: [] })).state).toBe('unknown');
  });

  it('are warned of in the report, by target where tasks are unlike', () => {
    expect(warningsOf(withRestart(0.03, 0.005), []).join(' ')).toContain(
      'not trained to their end',
    );
    expect(warningsOf(withRestart(0.004, 0.001), [])).toEqual([]);
    const [only, ...others] = untrainedBasesOf(withRestart(0.03, 0.002, 'classes'));
    expect(only).toMatch(/^Target B: The bases are not trained to their end/);
    expect(others).toEqual([]);
  });
});
