// What the report says of gains by the size of the target.
import { expect, test } from 'vitest';
import { makeSizedNetworks } from '../../test/made-sizes.js';
import { makeNetworks } from '../../test/made-study.js';
import { targetSizeFigure } from '../figures/target-size.js';
import { buildResults } from '../study/results/build.js';
import type { TargetSizes } from '../study/results/target-size-types.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { renderFigure } from './draw/render.js';
import { htmlText } from './html.js';
import { sizeAnswers, targetSizeSection } from './target-sizes.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const build = (networks: readonly NetworkResult[]) => buildResults({ study, networks });
const section = (results: Results): TargetSizes =>
  (results.targetSizes?.['random-halves'] ?? [])[0] as TargetSizes;
const sizes = [10, 30, null] as const;

// By split and target, of mean 0.
function scatter({ split, target }: NetworkResult): number {
  const wobble = [-0.6, 0.2, 0.4, 0][Number(split.at(-1))] ?? 0;
  return wobble + (target === 'A' ? 0.2 : -0.2);
}

function gain(tuned: readonly number[]) {
  return (network: NetworkResult, size: number | null): number => {
    const over = tuned[sizes.indexOf(size as 10)] ?? 0;
    if (network.treatment === 'AnB+') return over + scatter(network);
    if (network.treatment === 'AnB') return over - network.n * (size === null ? 2 : 0.5);
    return 0;
  };
}

const falling = build(makeSizedNetworks({ splits: 4, sizes, gain: gain([8, 3, 0]) }));

test('the sentence says where the gain of tuned transfer ends', () => {
  const [tuned, frozen, cut] = sizeAnswers(section(falling));
  expect(tuned).toBe(
    'Fine-tuned transfer (AnB+) gains below all images; from there on its interval includes 0 or lies below, n = 1–3: +8.0 [+7.3, +8.7] Pt with 10 images a class, 0.0 [−0.7, +0.7] Pt with all images.',
  );
  expect(frozen).toContain('Frozen transfer (AnB)');
  expect(cut).toBe(
    'The best cut of AnB does not move: n = 1 with 10 images a class, n = 1 with all images.',
  );
});

test.each([
  [[8, 8, 8], 'gains at every size that was trained'],
  [[0, 0, 0], 'has no gain that its interval tells from 0 at the smallest size'],
  [[8, 0, 0], 'gains below 30 images a class'],
])('gains %j: %s', (tuned, words) => {
  const results = build(makeSizedNetworks({ splits: 4, sizes, gain: gain(tuned) }));
  expect(sizeAnswers(section(results))[0]).toContain(words);
});

test('without intervals nothing is said to end', () => {
  const results = build(makeSizedNetworks({ splits: 1, sizes, gain: gain([8, 3, 0]) }));
  expect(sizeAnswers(section(results))[0]).toContain('cannot be said without intervals');
});

test('a cut that moves is said to move if its interval says so', () => {
  const moving = (spread: number) => (network: NetworkResult, size: number | null) => {
    const deep = network.n === 3 ? (size === 10 ? 2 : -2) : 0;
    return deep + (network.n === 3 && size === 10 ? spread * scatter(network) : 0);
  };
  const said = [0.1, 20].map((spread) => {
    const networks = makeSizedNetworks({ splits: 4, sizes, gain: moving(spread) });
    return sizeAnswers(section(build(networks))).find((answer) => answer.includes('cut of AnB '));
  });
  expect(said[0]).toContain('moves: n = 3 with 10 images a class, n = 1 with all images');
  expect(said[1]).toContain('is not seen to move more than scatter does');
});

test('the table has a column a size, and the section names its population', () => {
  const page = htmlText(targetSizeSection(falling) ?? expect.unreachable());
  for (const words of ['10 images a class', 'AnB − AnB+', 'no gain from', 'test images']) {
    expect(page).toContain(words);
  }
  expect(targetSizeSection(build(makeNetworks({ weightLayers: 6, splits: 1 })))).toBeNull();
});

test.each(['light', 'dark'] as const)('the figure is drawn (%s)', async (theme) => {
  const figure = targetSizeFigure(falling) ?? expect.unreachable();
  const wide = figure.spec(theme);
  const text = JSON.stringify(wide);
  expect(text).toContain('AnB+ transfer, tuned, 10 images a class: +8.0 [+7.3, +8.7] Pt');
  expect(text).toContain('mean over n');
  for (const room of ['wide', 'narrow'] as const) {
    expect((await renderFigure(figure.spec(theme, room))).png.length).toBeGreaterThan(1000);
  }
});
