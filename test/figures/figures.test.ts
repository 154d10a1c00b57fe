import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../made-study.js';
import { originalNetworks, originalStudy } from '../yosinski2014.js';
import { buildResults } from '../../src/study/results/build.js';
import type { NetworkResult, Results } from '../../src/study/results/types.js';
import { plotSize } from '../../src/figures/axes.js';
import { figuresOf } from '../../src/figures/figures.js';
import { interpretations } from '../../src/figures/interpretations.js';
import { curveOf, regionBetween } from '../../src/figures/line-points.js';
import { lineColor } from '../../src/figures/marks.js';
import { findingsOf } from '../../src/report/findings.js';
import type { TreatmentKind } from '../../src/study/treatments.js';
import { linesSpec } from '../../src/figures/lines.js';
import { placeRemarks } from '../../src/figures/remarks.js';
import { renderFigure, renderSvg } from '../../src/report/draw/render.js';
import { scatterPoints } from '../../src/figures/scatter.js';
import { treatmentRows } from '../../src/figures/figure1-rows.js';
import { formatInterval, formatPoints } from '../../src/figures/format.js';

const original = buildResults({ study: originalStudy, networks: originalNetworks() });
const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const made = makeNetworks({ weightLayers: 6, splits: 2 });
const curves = made.slice(0, 8).map(({ name, accuracy }) => ({
  name,
  tests: [1, 2, 3].map((epoch) => ({
    iteration: 10 * epoch,
    epoch,
    testAccuracy: ((accuracy ?? 0) * epoch) / 3,
  })),
}));

describe('Figure 1', () => {
  it('is drawn from the study: its treatments, a middle n, frozen and learning layers', () => {
    const rows = treatmentRows(
      build(makeNetworks({ weightLayers: 6, splits: 1, layers: [1, 3, 5] })),
    );
    const lines = rows.map(({ name, boxes }) => {
      const cells = boxes.map(
        ({ content, source, isFrozen }) => `${source ?? content[0]}${isFrozen ? '*' : ''}`,
      );
      return `${name}: ${cells.join(' ')}`;
    });
    expect(lines).toEqual([
      'baseA: A A A A A A',
      'baseB: B B B B B B',
      'B3B: B* B* B* n n n',
      'B3B+: B B B n n n',
      'A3B: A* A* A* n n n',
      'A3B+: A A A n n n',
      'R3B: r* r* r* n n n',
      'B6B+: B B B B B B',
    ]);
  });

  it('shows preserved layers as copied and learning', () => {
    const networks = makeNetworks({
      weightLayers: 6,
      splits: 1,
      layers: [2],
      treatments: ['AnB-p2'],
    });
    const [row] = treatmentRows(build(networks));
    expect(row?.name).toBe('A2B-p2');
    expect(
      row?.boxes.map(({ content, source, isFrozen }) => [source ?? content, isFrozen]),
    ).toEqual([
      ['A', true],
      ['A', true],
      ['A', false],
      ['A', false],
      ['new', false],
      ['new', false],
    ]);
  });
});

describe('figures of the original study', () => {
  it.each(figuresOf(original).figures.map((figure) => [figure.id, figure] as const))(
    '%s has not changed',
    async (id, figure) => {
      const text = `${JSON.stringify(figure.spec('light'), null, 1)}\n`;
      await expect(text).toMatchFileSnapshot(`__golden__/${id}.vl.json`);
    },
  );

  it('draw as many marks as the paper, at its offsets', () => {
    const points = scatterPoints(original, 'accuracy');
    const count = (treatment: string) =>
      points.filter((point) => point.treatment === treatment).length;
    expect(['base', 'BnB', 'BnB+', 'AnB', 'AnB+'].map(count)).toEqual([8, 28, 10, 56, 10]);
    expect(points.find((point) => point.name === 'split2/A5A')?.x).toBe(4.75);
    expect(points.find((point) => point.name === 'split0/A7B+')?.x).toBeCloseTo(7.27, 10);
  });

  it('leave out bases that no network here is compared with', () => {
    const onlyB = build(made.filter((each) => each.target === 'B' || each.treatment === 'base'));
    const bases = scatterPoints(onlyB, 'accuracy').filter(({ x }) => x === 0);
    expect(bases.map(({ name }) => name)).toEqual(['split0/baseB', 'split1/baseB']);
  });

  it('leave random features, far below, to their own figure', () => {
    const treatments = scatterPoints(build(made), 'accuracy').map((point) => point.treatment);
    expect(treatments).toContain('warm-restart');
    expect(treatments).not.toContain('random');
  });

  it('put the remarks where the paper has them: 2 at the dip, 4 at the end', () => {
    const remarks = interpretations(original, 'matched');
    expect(remarks.map((remark) => remark.number)).toEqual([1, 2, 3, 4, 5]);
    expect(remarks[1]).toMatchObject({ text: 'co-adaptation drop 3.0', anchors: [{ x: 5 }] });
    expect(remarks[3]).toMatchObject({ text: 'specificity drop 8.2', anchors: [{ x: 7 }] });
    // Two clusters are too few for an interval: its gain is not said to be one.
    expect(remarks[4]?.text).toBe('fine-tuned transfer');
  });
});

describe('remarks', () => {
  it('do not claim a drop that is not there', () => {
    const accuracy = ({ treatment }: NetworkResult) => (treatment === 'base' ? 0.5 : 0.6);
    const rising = build(makeNetworks({ weightLayers: 6, splits: 2, accuracy }));
    const texts = interpretations(rising, 'accuracy').map((remark) => remark.text);
    expect(texts).toEqual(['base', 'fine-tuned selffer', 'fine-tuned transfer']);
  });

  it('name an effect where the answers call it resolved, nowhere else', () => {
    for (const spread of [0, 0.01, 0.02, 0.04, 0.08]) {
      const accuracy = ({ treatment, n, split, target }: NetworkResult) =>
        0.8 -
        (treatment === 'AnB' ? 0.02 * n : treatment === 'BnB' ? 0.01 : 0) +
        spread *
          Math.sin(
            7 * n + 3 * Number(split.slice(5)) + treatment.length + (target === 'A' ? 1 : 0),
          );
      const results = build(makeNetworks({ weightLayers: 6, splits: 2, accuracy }));
      const texts = interpretations(results, 'matched').map(({ text }) => text);
      const caption = figuresOf(results).figures[0]?.caption ?? '';
      for (const [id, region] of [
        ['co-adaptation', 'base to BnB'],
        ['specificity', 'BnB to AnB'],
      ] as const) {
        const { answer = '' } = findingsOf(results).find((finding) => finding.id === id) ?? {};
        const isResolved = answer.startsWith('There is a');
        expect(texts.some((text) => text.startsWith(`${id} drop`))).toBe(isResolved);
        expect(caption.includes(region)).toBe(isResolved);
      }
    }
  });

  it('keep off one another and inside the plot', () => {
    const around = { x: [0, 10], y: [0, 1], size: plotSize.wide, curves: [] } as const;
    const anchors = [{ x: 9.9, y: 0.5 }];
    const remark = { text: 'words', anchors, isBesideLine: false } as const;
    const [first, second] = placeRemarks(
      [
        { ...remark, number: 2 },
        { ...remark, number: 4 },
      ],
      around,
    );
    expect(first?.side).toBe('left');
    expect(Math.abs((first?.up ?? 0) - (second?.up ?? 0))).toBeGreaterThanOrEqual(18);
  });
});

describe('regions', () => {
  it('follow both lines through their crossing', () => {
    const upper = [
      { x: 0, y: 0 },
      { x: 1, y: 3 },
    ];
    const lower = [
      { x: 0, y: 1 },
      { x: 1, y: 1 },
    ];
    expect(regionBetween(upper, lower)).toEqual([
      { x: 0, y: 0, y2: 0 },
      { x: 1 / 3, y: 1, y2: 1 },
      { x: 1, y: 3, y2: 1 },
    ]);
  });
});

describe('chance', () => {
  const classes = (count: number | null) => made.map((each) => ({ ...each, classes: count }));
  const text = (networks: readonly NetworkResult[], id: string) => {
    const figure = figuresOf(build(networks)).figures.find((each) => each.id === id);
    return `${figure?.caption} ${JSON.stringify(figure?.spec('light'))}`;
  };

  it('is a line where it is in reach, else a note at the edge', () => {
    const low = classes(2).map((each) => ({ ...each, accuracy: (each.accuracy ?? 0) - 0.3 }));
    expect(text(low, 'figure2-bottom')).toContain('"text":{"value":"chance"}');
    expect(text(classes(20), 'figure2-bottom')).toContain('chance (0.050) lies below');
    expect(text(classes(20), 'figure2-top-matched')).toMatch(/Chance: \u2212[0-9.]+ Pt/);
    expect(text(classes(20), 'figure3')).toContain('"text":{"value":"chance"}');
    expect(text(classes(null), 'figure2-bottom')).not.toMatch(/[Cc]hance/);
  });
});

describe('room and colours', () => {
  it('every figure fits a telephone, its type at its size', async () => {
    for (const figure of figuresOf(build(made), curves).figures) {
      const svg = await renderSvg(figure.spec('light', 'narrow'));
      expect([figure.id, Number(/width="(\d+)"/.exec(svg)?.[1]) <= 420]).toEqual([figure.id, true]);
    }
  });

  it('matched figures come first', () => {
    const [first, ...others] = figuresOf(build(made)).figures.map(({ id }) => id);
    expect(first).toBe('figure2-bottom-matched');
    expect(others.indexOf('figure2-top-matched')).toBeLessThan(others.indexOf('figure2-bottom'));
    expect(others.indexOf('figure3-matched')).toBeLessThan(others.indexOf('figure3'));
  });

  it.each(['light', 'dark'] as const)('lines of Figure 2 differ on a %s page', (theme) => {
    const kinds = (['BnB', 'BnB+', 'AnB', 'AnB+', 'warm-restart'] as const).map(
      (kind) => [kind, channels(lineColor(kind, theme))] as const,
    );
    for (const [a, one] of kinds) {
      for (const [b, other] of kinds) {
        const apart = Math.hypot(...one.map((value, i) => value - (other[i] ?? 0)));
        const areTuned = a.endsWith('+') && b.endsWith('+');
        if (a !== b) expect([a, b, apart > (areTuned ? 120 : 70)]).toEqual([a, b, true]);
      }
    }
  });
});

function channels(color: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

describe('any state of a study', () => {
  const states: [string, Results][] = [
    ['nothing planned', build([])],
    ['all waiting', build(made.map((n) => ({ ...n, state: 'waiting', accuracy: null })))],
    ['all dead', build(made.map((n) => ({ ...n, state: 'dead', accuracy: 0.02 })))],
    ['bases only', build(made.filter((n) => n.treatment === 'base'))],
    ['one network', build(made.filter((n) => n.name === 'split0/A3B'))],
    [
      'a third done',
      build(made.map((n, i) => (i % 3 ? { ...n, state: 'running', accuracy: null } : n))),
    ],
    [
      'one split, some layers',
      build(
        makeNetworks({
          weightLayers: 6,
          splits: 1,
          layers: [1, 3, 5],
          treatments: ['base', 'AnB'],
        }),
      ),
    ],
    [
      'other families only',
      buildResults({
        study: originalStudy,
        networks: originalNetworks().filter((n) => n.family !== 'random-halves'),
      }),
    ],
  ];

  it.each(states)('%s draws in both themes', async (_, results) => {
    for (const figure of figuresOf(results, curves).figures) {
      for (const theme of ['light', 'dark'] as const) {
        const svg = await renderSvg(figure.spec(theme));
        expect(svg).toContain('<svg');
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });

  it('draws bands of two lines at most, of more whiskers beside each other', () => {
    const marksOf = (treatments: readonly TreatmentKind[]) => {
      const results = build(makeNetworks({ weightLayers: 6, splits: 2, treatments }));
      const layers = linesSpec(results, 'matched', 'light')['layer'] as readonly {
        readonly mark: { readonly type: string };
        readonly encoding: { readonly y2?: { readonly field: string } };
        readonly data: { readonly values: readonly { readonly x: number }[] };
      }[];
      const intervals = layers.filter(({ encoding }) => encoding.y2?.field === 'high');
      const places = intervals.map(({ data }) => (data.values[0]?.x ?? 0) - 1);
      return [intervals.filter(({ mark }) => mark.type === 'area').length, new Set(places).size];
    };
    expect(marksOf(['base', 'BnB', 'AnB'])).toEqual([2, 1]);
    expect(marksOf(['base', 'BnB', 'AnB', 'BnB+', 'AnB+'])).toEqual([0, 4]);
  });

  it('draws no interval where there is none', () => {
    const single = build(makeNetworks({ weightLayers: 6, splits: 1 }));
    expect(curveOf(single, 'AnB', 'matched').every((point) => point.low === null)).toBe(true);
    const bands = (results: Results) =>
      JSON.stringify(linesSpec(results, 'matched', 'light')).split('"field":"high"').length - 1;
    expect(bands(single)).toBe(0);
    expect(bands(build(made))).toBe(5);
  });
});

describe('preserved layers', () => {
  const treatments = ['base', 'BnB', 'AnB', 'AnB-p1', 'AnB-p2'] as const;
  const networks = makeNetworks({ weightLayers: 6, splits: 2, treatments });

  it('have a figure of the panels that the study has, absolute and matched', () => {
    const figures = figuresOf(build(networks)).figures.filter(({ id }) =>
      id.startsWith('preserved'),
    );
    expect(figures.map(({ id }) => id)).toEqual(['preserved-matched', 'preserved']);
    const panels = figures[0]?.spec('dark')['hconcat'] as { title: { text: string } }[];
    expect(panels.map(({ title }) => title.text)).toEqual(['transfer: from the other task']);
    expect(figuresOf(build(made)).figures.some(({ id }) => id.startsWith('preserved'))).toBe(false);
  });

  it('are left out of Figure 2, bottom', () => {
    const spec = JSON.stringify(linesSpec(build(networks), 'accuracy', 'light'));
    expect(spec).not.toContain('AnB-p1');
  });
});

describe('another study laid over', () => {
  const longer = build(makeNetworks({ weightLayers: 6, splits: 3, layers: [1, 2, 5] }));
  const other = { ...longer, study: { ...longer.study, name: 'other' } };

  it('is in every figure but those of this study alone, and in their captions', () => {
    const figures = figuresOf(build(made), curves, other).figures;
    const named = figures.filter(({ spec }) => JSON.stringify(spec('light')).includes('other'));
    const ids = figures.map(({ id }) => id);
    expect(named.map(({ id }) => id)).toEqual(
      ids.filter((id) => !['figure1', 'learning-curves'].includes(id)),
    );
    for (const { caption } of named) expect(caption).toContain('Dotted, hollow: other');
  });

  it('widens the axis so that its points are inside', () => {
    const low = build(makeNetworks({ weightLayers: 6, splits: 2, accuracy: () => 0.123 }));
    const domainOf = (against: Results | null) => {
      const text = JSON.stringify(linesSpec(build(made), 'accuracy', 'light', against));
      return JSON.parse(/"domain":(\[0[^\]]*\])/.exec(text)?.[1] ?? '[]') as number[];
    };
    expect(domainOf(null)[0]).toBeGreaterThan(0.5);
    expect(domainOf(low)[0]).toBeLessThan(0.123);
  });

  it('leaves out what this network has no place for', () => {
    const deep = buildResults({
      study: { ...study, weightLayers: 9 },
      networks: makeNetworks({ weightLayers: 9, splits: 1 }),
    });
    const spec = linesSpec(build(made), 'matched', 'light', deep);
    const text = JSON.stringify(spec);
    expect(text).toContain('made: AnB, n = 5');
    expect(text).not.toContain('made: AnB, n = 6');
    expect(text).not.toContain('made: warm-restart');
  });
});

describe('Figure 3', () => {
  it('is drawn whole when random features lie far below its axis', async () => {
    const accuracy = ({ treatment, n }: NetworkResult) =>
      treatment === 'random' ? 0.9 / 2 ** n : treatment === 'AnB' ? 0.9 - 0.001 * n : 0.9;
    const networks = makeNetworks({ weightLayers: 6, splits: 2, accuracy }).map((network) => ({
      ...network,
      accuracy:
        (network.accuracy ?? 0) +
        (network.name.length % 2 ? 0.002 : 0) +
        (network.target === 'A' ? 0.003 * network.n : 0),
    }));
    for (const figure of figuresOf(build(networks)).figures.filter(({ id }) =>
      id.startsWith('figure3'),
    )) {
      const { png } = await renderFigure(figure.spec('light'));
      expect(png.length).toBeGreaterThan(10_000);
    }
  });
});

describe('rendering', () => {
  it('gives a PNG of twice the size, with text in it', async () => {
    const figure = figuresOf(build(made)).figures.find(({ id }) => id === 'figure2-top')!;
    const { svg, png } = await renderFigure(figure.spec('light'));
    const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
    const header = Buffer.from(png);
    expect(header.toString('latin1', 1, 4)).toBe('PNG');
    expect(header.readUInt32BE(16)).toBe(2 * width);
    expect(width).toBeLessThan(800);
    expect(svg).toContain('AnB+ transfer, tuned');
  });

  it('is the same text each time', async () => {
    const spec = figuresOf(build(made)).figures[1]!.spec('dark');
    expect(await renderSvg(spec)).toBe(await renderSvg(spec));
  });

  it('refuses to load anything', async () => {
    const spec = {
      data: { url: 'https://example.org/data.json' },
      mark: 'point',
      encoding: { x: { field: 'a', type: 'quantitative' } },
    };
    await expect(renderSvg(spec)).rejects.toThrow(/data must be inline/);
  });
});

describe('numbers as readers see them', () => {
  it('have a true minus and no negative zero', () => {
    expect(formatPoints(-1.26)).toBe('\u22121.3');
    expect(formatPoints(-0.04)).toBe('0.0');
    expect(formatPoints(2, false)).toBe('2.0');
    expect(formatInterval(1, 0.5, 1.5)).toBe('+1.0 [+0.5, +1.5] Pt');
    expect(formatInterval(1, null, null)).toBe('+1.0 Pt (no interval: fewer than 3 values)');
    expect(formatInterval(null, null, null)).toBe('\u2013');
  });
});
