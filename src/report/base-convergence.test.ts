import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { buildResults } from '../study/results/build.js';
import type { Results } from '../study/results/types.js';
import type { TreatmentKind } from '../study/treatments.js';
import { convergenceOf as judge, untrainedBasesOf } from './base-convergence.js';
import { paperFindings } from './paper/findings.js';
import { warningsOf } from './warnings.js';

const study = { name: 'made', weightLayers: 4, statistic: 'final' } as const;

const convergenceOf = (results: Results) => judge(results, results.networks);

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

  describe('without a control', () => {
    const rise = (risePt: number, halfPt: number) => ({
      ...{ risePt, lowPt: risePt - halfPt, highPt: risePt + halfPt },
    });
    /** Two splits, so four bases; the first `count` rise. */
    const study4 = (count: number, rising = rise(2, 1)) => {
      const networks = makeNetworks({
        ...{ weightLayers: 4, splits: 2, treatments: ['base', 'BnB', 'AnB'] },
        // A dip that is not the base's: all intervals lie below 0.
        accuracy: ({ treatment, name }) => (treatment === 'base' ? 0.5 : 0.4 + 1e-4 * name.length),
      });
      const bases = networks.filter(({ treatment }) => treatment === 'base').slice(0, count);
      const rises = networks.map((each) => (bases.includes(each) ? { ...each, rising } : each));
      return buildResults({ study, networks: rises });
    };

    it('still rise if more than half of them do, by an amount that counts', () => {
      expect(convergenceOf(study4(3))).toEqual({
        state: 'rising',
        sentence: expect.stringContaining('(3 of 4, by +2.0 Pt over the last third'),
      });
      expect(convergenceOf(study4(2)).state).toBe('unknown');
      expect(convergenceOf(study4(4, rise(0.4, 0.3))).state).toBe('unknown');
      expect(warningsOf(study4(3), []).join(' ')).toContain('still rise at their last tests');
    });

    it('leave F4, F5 and F9 undecided then, with the reason', () => {
      const findings = (results: Results) =>
        paperFindings(results).filter(({ id }) => ['F4', 'F5', 'F8', 'F9'].includes(id));
      const [before, after] = [findings(study4(0)), findings(study4(3))];
      expect(before.map(({ verdict }) => verdict)).not.toContain('undecided');
      expect(after.map(({ id, verdict }) => [id, verdict])).toEqual(
        before.map(({ id, verdict }) => [id, id === 'F8' ? verdict : 'undecided']),
      );
      expect(after[0]?.evidence).toMatch(/Pt\. The bases still rise at their last tests/);
    });

    it('are judged by the control where there is one', () => {
      const { networks } = withRestart(0.004, 0.001);
      const rising = networks.map((each) =>
        each.treatment === 'base' ? { ...each, rising: rise(2, 1) } : each,
      );
      expect(convergenceOf(buildResults({ study, networks: rising })).state).toBe('trained');
    });
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
