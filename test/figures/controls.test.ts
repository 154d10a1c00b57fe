// The figure of controls, and what the other figures make of these treatments.
import { describe, expect, it } from 'vitest';
import { makeNetworks } from '../made-study.js';
import { controlsFigure } from '../../src/figures/controls.js';
import { treatmentRows } from '../../src/figures/figure1-rows.js';
import { figure1 } from '../../src/figures/figure1.js';
import { figuresOf } from '../../src/figures/figures.js';
import { linesSpec } from '../../src/figures/lines.js';
import { scatterPoints } from '../../src/figures/scatter.js';
import { renderSvg } from '../../src/report/draw/render.js';
import { buildResults } from '../../src/study/results/build.js';
import { type TreatmentKind, treatmentKinds } from '../../src/study/treatments.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const resultsOf = (treatments: readonly TreatmentKind[]) =>
  buildResults({ study, networks: makeNetworks({ weightLayers: 6, splits: 3, treatments }) });
const all = resultsOf(treatmentKinds);

interface Panel {
  readonly title: { readonly text: string };
  readonly layer: readonly {
    readonly encoding?: { readonly color?: { readonly scale?: object } };
  }[];
}
const panelsOf = (treatments: readonly TreatmentKind[]): Panel[] =>
  controlsFigure(resultsOf(treatments), 'matched')?.spec('light')['vconcat'] as unknown as Panel[];
const linesOf = (panel: Panel | undefined): unknown => {
  const scale = panel?.layer.map(({ encoding }) => encoding?.color?.scale).find(Boolean);
  return (scale as { readonly domain: unknown } | undefined)?.domain;
};

describe('the figure of controls', () => {
  it('shows them beside what they are compared with, by where layers come from', () => {
    const [transfer, selffer, ...others] = panelsOf(treatmentKinds);
    expect(others).toEqual([]);
    expect(linesOf(transfer)).toEqual([
      ...['AnB transfer, frozen', 'AnB+ transfer, tuned', 'warm restart', 'base, twice as long'],
      ...['AnB> then all tuned', 'AnB-only n tuned', 'AnB-moments, tuned', 'AnB+-slow, tuned'],
      'second warm restart',
    ]);
    expect(linesOf(selffer)).toEqual([
      ...['BnB selffer, frozen', 'BnB+ selffer, tuned', 'BnB> then all tuned', 'BnB-only n tuned'],
    ]);
  });

  it('has the panels and the lines that a study has', () => {
    const panels = panelsOf(['base', 'AnB+', 'BnB', 'AnB-moments']);
    expect(panels.map(({ title }) => title.text)).toEqual(['transfer: from the other task']);
    expect(linesOf(panels[0])).toEqual(['AnB+ transfer, tuned', 'AnB-moments, tuned']);
    const ids = figuresOf(resultsOf(['base', 'AnB', 'AnB+', 'AnB-p1'])).figures.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('controls'))).toEqual([]);
  });

  it.each(['wide', 'narrow'] as const)('is drawn in both measures, %s', async (room) => {
    for (const measure of ['matched', 'accuracy'] as const) {
      const svg = await renderSvg(controlsFigure(all, measure)?.spec('light', room) as never);
      expect(svg).toContain('AnB-moments, tuned');
    }
  });
});

describe('other figures', () => {
  it('have no line of a control; twice as long stands at the base', () => {
    const kinds = new Set(scatterPoints(all, 'accuracy').map(({ treatment }) => treatment));
    expect([...kinds].filter((kind) => /[>]|only|moments|slow|restart-2/.test(kind))).toEqual([]);
    const long = scatterPoints(all, 'matched').filter(({ treatment }) => treatment === 'base-long');
    expect(long).toHaveLength(6);
    expect(long.every(({ x }) => Math.abs(x) < 0.3)).toBe(true);
    expect(JSON.stringify(linesSpec(all, 'accuracy', 'light'))).not.toMatch(/moments|-only/);
  });

  it('Figure 1 shows what each layer starts from and which stay', () => {
    const rows = treatmentRows(all).map(({ name, boxes }) => {
      const cells = boxes.map(
        ({ content, source, isFrozen }) => `${source ?? content[0]}${isFrozen ? '*' : ''}`,
      );
      return `${name}: ${cells.join(' ')}`;
    });
    expect(rows.slice(-8)).toEqual([
      'baseB-long: n n n n n n',
      'B3B>: B B B t t t',
      'A3B>: A A A t t t',
      'B3B-only: B* B* B B* B* n',
      'A3B-only: A* A* A A* A* n',
      'A3B-moments: r r r n n n',
      'A3B+-slow: A A A n n n',
      'B6B++: t t t t t t',
    ]);
    expect(figure1(all)?.caption).toContain('trained already');
    expect(figure1(resultsOf(['base', 'AnB']))?.caption).not.toContain('trained already');
  });
});
