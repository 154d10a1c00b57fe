// What the report says of learning rates.
import { expect, test } from 'vitest';
import { madeRateStudy, makeRateNetworks } from '../../test/made-rates.js';
import { makeNetworks } from '../../test/made-study.js';
import { figuresOf } from '../figures/figures.js';
import { learningRateFigure, mostChosen, namedRates } from '../figures/learning-rates.js';
import { buildResults } from '../study/results/build.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { renderFigure } from './draw/render.js';
import { htmlText } from './html.js';
import { learningRateSection, rateAnswers, rateWarnings } from './learning-rates.js';
import { warningsOf } from './warnings.js';

const build = (change: (network: NetworkResult) => Partial<NetworkResult> = () => ({})): Results =>
  buildResults({
    study: madeRateStudy,
    networks: makeRateNetworks(4).map((each) => ({ ...each, ...change(each) })),
  });
const results = build();
const answersOf = (of: Results) => {
  const [part] = namedRates(of);
  return rateAnswers(part?.table as NonNullable<typeof part>['table'], of.rates?.list[0]);
};
const wobble = ({ split }: NetworkResult): number => [0, 0.01, 0.03, 0][Number(split.at(-1))] ?? 0;

test('the sentences say what the differences are at the chosen rates and at the first', () => {
  const scattered = build((each) =>
    each.lr === 0.03 && each.treatment === 'AnB'
      ? { accuracy: (each.accuracy as number) + wobble(each) }
      : {},
  );
  const [selffer, transfer, random] = answersOf(scattered);
  expect(selffer).toMatch(/^BnB selffer, frozen, n = 1, 3, 5: .* the change is \+1\.0 \[/);
  expect(transfer).toMatch(
    /^AnB transfer, frozen, n = 1, 3, 5: [+−]\d\.\d Pt against the base at the chosen rates, −\d\.\d Pt with 0\.01 for all; the change is \+5\.0 \[\+2\.7, \+7\.3\] Pt\. One rate for all networks would have moved the difference by that much\.$/,
  );
  expect(random).toContain('the change is +3.0');
});

test('a change that its interval does not tell from none is not called one', () => {
  const unsure = build((each) => {
    if (each.lr !== 0.03 || each.treatment !== 'AnB') return {};
    return { accuracy: (each.accuracy as number) - 0.05 + 4 * wobble(each) };
  });
  expect(answersOf(unsure)[1]).toMatch(/moves the difference is not shown\.$/);
  const few = buildResults({ study: madeRateStudy, networks: makeRateNetworks(1) });
  expect(answersOf(few)[1]).toMatch(/\(no interval: fewer than 3 values\)\.$/);
});

test('a list whose end does best is said to be too short, of those treatments alone', () => {
  expect(rateWarnings(results)).toEqual([
    'Most networks of BnB, AnB, random did best at 0.03, the highest learning rate of the list: it should have higher ones too.',
  ]);
  expect(warningsOf(results, [])).toEqual(expect.arrayContaining([...rateWarnings(results)]));
  // Three of eight at each n are no majority.
  const some = build(({ treatment, lr, split, target }) => {
    const isOne = split === 'split0' || (split === 'split1' && target === 'A');
    return treatment === 'AnB+' && lr === 0.03 && isOne ? { selectionAccuracy: 0.99 } : {};
  });
  expect(rateWarnings(some)).toEqual(rateWarnings(results));
  const low = build(({ lr, treatment }) =>
    treatment === 'base' ? { selectionAccuracy: lr === 0.003 ? 0.9 : 0.1 } : {},
  );
  expect(rateWarnings(low)[0]).toMatch(/^Most networks of base did best at 0\.003, the lowest/);
});

test('bases that are better at another rate are named with their interval, others are not', () => {
  const better = (more: number) =>
    rateWarnings(
      build((each) =>
        each.treatment === 'base' && each.lr === 0.03
          ? { selectionAccuracy: (each.selectionAccuracy as number) + more + wobble(each) }
          : {},
      ),
    ).filter((text) => text.startsWith('Bases'));
  expect(better(0.05)[0]).toMatch(
    /^Bases do better at 0\.03 than at 0\.01, .* \+5\.0 \[\+2\.\d, \+7\.\d\] Pt on the images kept aside\./,
  );
  expect(better(0.01)).toEqual([]);
});

test('networks that have not ended at every rate are named', () => {
  const open = build(({ name }) =>
    name === 'split0/A3B@0.03' ? { state: 'running', accuracy: null } : {},
  );
  expect(rateWarnings(open)[0]).toMatch(/^1 network has not ended at every learning rate/);
});

test('the section has every rate with how often it was chosen, dead and failed ones among them', () => {
  const some = build(({ treatment, n, lr, split }) =>
    treatment === 'random' && n === 5 && lr === 0.03
      ? split === 'split0'
        ? { state: 'failed', accuracy: null, selectionAccuracy: undefined as never }
        : { state: 'dead', selectionAccuracy: 0.02 }
      : {},
  );
  const page = htmlText(
    learningRateSection(some) as NonNullable<ReturnType<typeof learningRateSection>>,
  );
  expect(page).toContain('At which learning rate?');
  expect(page).toContain('0.01, 0.003, 0.03');
  expect(page).toMatch(/\(chosen 0 of 8; 6 dead; 2 failed\)/);
  expect(page).toMatch(/\(chosen 8 of 8\)/);
});

test('the figure marks the rates that were chosen most often and is drawn in every room', async () => {
  const [part] = namedRates(results);
  const row = part?.table.rows.find(({ treatment }) => treatment === 'AnB');
  expect(mostChosen(row as NonNullable<typeof row>)).toEqual([0.03]);
  const figure = learningRateFigure(results) as NonNullable<ReturnType<typeof learningRateFigure>>;
  for (const room of ['wide', 'narrow'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      const { svg } = await renderFigure(figure.spec(theme, room));
      expect(svg).toContain('learning rate (logarithmic)');
      const width = Number(/width="([0-9.]+)"/.exec(svg)?.[1]);
      expect(width).toBeLessThan(room === 'wide' ? 800 : 385);
    }
  }
  expect(figuresOf(results).figures.map(({ id }) => id)).toContain('learning-rates');
});

test('a study of one rate has no such section, figure or warning', () => {
  const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
  const one = buildResults({ study, networks: makeNetworks({ weightLayers: 6, splits: 2 }) });
  expect(learningRateSection(one)).toBeNull();
  expect(learningRateFigure(one)).toBeNull();
  expect(rateWarnings(one)).toEqual([]);
  expect(figuresOf(one).withoutData.join()).not.toContain('rate');
});
