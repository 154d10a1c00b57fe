// Figures and tables of what was measured without training.
import { describe, expect, it } from 'vitest';
import { makeMeasurements } from '../made-measurements.js';
import { makeNetworks } from '../made-study.js';
import { figuresOf } from '../../src/figures/figures.js';
import { renderSvg } from '../../src/report/draw/render.js';
import { htmlText } from '../../src/report/html.js';
import { measuredSection } from '../../src/report/measured-section.js';
import { summariseMeasurements } from '../../src/study/measurements/summary.js';
import { buildResults } from '../../src/study/results/build.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const networks = makeNetworks({ weightLayers: 6, splits: 4 });
const results = buildResults({ study, networks });
const measurements = makeMeasurements(networks, 6);
const { figures } = figuresOf(results, [], null, measurements);
const ids = ['linear-probes', 'similarity', 'movement', 'resets'];
const own = figures.filter(({ id }) => ids.includes(id));

describe('figures of measurements', () => {
  it('come after the others, and only with measurements', () => {
    expect(own.map(({ id }) => id)).toEqual(ids);
    const without = figuresOf(results);
    expect(without.figures.filter(({ id }) => ids.includes(id))).toEqual([]);
    expect(without.withoutData.join()).not.toContain('probes');
  });

  it.each(own.map((figure) => [figure.id, figure] as const))(
    '%s is as before',
    async (id, figure) => {
      const spec = `${JSON.stringify(figure.spec('light'), null, 1)}\n`;
      await expect(spec).toMatchFileSnapshot(`__golden__/${id}.vl.json`);
      for (const room of ['wide', 'narrow'] as const) {
        const { svg } = { svg: await renderSvg(figure.spec('dark', room)) };
        expect(svg).toContain('<svg');
      }
    },
  );

  it('say their rank correlation with the specificity drop', () => {
    const [probes, similarity] = own;
    expect(probes?.caption).toMatch(/specificity drop: .+ \(5 n\); .+ \(5 n\)/);
    expect(similarity?.caption).toMatch(/\u22121\.00 of the similarity of the bases/);
  });

  it('are one a target where the two tasks are unlike', () => {
    const unlike = networks.map((each) => ({ ...each, family: 'classes' as const }));
    const two = buildResults({ study, networks: unlike });
    const found = figuresOf(two, [], null, makeMeasurements(unlike, 6)).figures;
    const probes = found.filter(({ id }) => id.startsWith('linear-probes'));
    expect(probes.map(({ id }) => id)).toEqual(['linear-probes-A', 'linear-probes-B']);
  });
});

describe('their summary', () => {
  const view = { target: null, decomposition: results.decomposition };
  const summary = summariseMeasurements(results, measurements, view);

  it('averages over the units of the study: four splits', () => {
    const point = summary?.ownProbes.find(({ n }) => n === 2);
    // 0.4 + 0.004 k for splits k = 0..3, each twice; t_{0.975, 3} = 3.1824.
    expect(point?.mean).toBeCloseTo(0.406, 12);
    expect(point?.networks).toBe(8);
    const half = (3.182446 * 0.004 * Math.sqrt(5 / 3)) / 2;
    expect(point?.high).toBeCloseTo(0.406 + half, 6);
  });

  it('tells own from other bases, and takes their difference within units', () => {
    expect(summary?.otherProbes.find(({ n }) => n === 3)?.mean).toBeCloseTo(0.366, 12);
    const loss = summary?.probeLoss.find(({ n }) => n === 3);
    expect(loss?.mean).toBeCloseTo(9, 10);
    // The splits' offsets cancel.
    expect((loss?.high ?? 1) - (loss?.low ?? 0)).toBeCloseTo(0, 8);
  });

  it('compares what was copied at the last segment that was', () => {
    const tuned = summary?.withSource.find(({ treatment }) => treatment === 'AnB+');
    expect(tuned?.points.map(({ mean }) => mean.toFixed(2))).toEqual([
      ...['0.95', '0.90', '0.85', '0.80', '0.75'],
    ]);
    const frozen = summary?.withSource.find(({ treatment }) => treatment === 'AnB');
    expect(frozen?.points.every(({ mean }) => mean === 1)).toBe(true);
  });

  it('gives resets in percentage points of the base', () => {
    expect(summary?.redrawnResets[0]?.mean).toBeCloseTo(-30, 10);
    expect(summary?.initialResets.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is null where nothing was measured of these networks', () => {
    const others = networks.map((each) => ({ ...each, name: `x${each.name}` }));
    const none = makeMeasurements(others, 6);
    expect(summariseMeasurements(results, none, view)).toBeNull();
  });
});

describe('the section of the report', () => {
  const section = measuredSection(results, measurements);
  const page = section === null ? '' : htmlText(section);

  it('has a row for each segment, and one for each treatment and n', () => {
    expect(page).toContain('Measured without training');
    expect(page).toContain('CKA of bases');
    expect(page).toMatch(/AnB\+<\/td>/);
    // Frozen: exactly 0.
    expect(page).toMatch(/>0<\/td>/);
  });

  it('is left out without measurements', () => {
    expect(measuredSection(results, null)).toBeNull();
  });
});
