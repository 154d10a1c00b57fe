// What the report says beyond the test images.
import { expect, test } from 'vitest';
import { makeNetworks } from '../../test/made-study.js';
import { buildResults } from '../study/results/build.js';
import type { ByImage } from '../study/results/by-image-types.js';
import { byImageSection, pairSentence } from './by-image.js';
import { htmlText } from './html.js';

const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
const networks = makeNetworks({ weightLayers: 6, splits: 2 });
const point = {
  ...{ n: 3, meanPt: -3.5, lowPt: -7.5, highPt: 0.5, beyondLowPt: -9.5, beyondHighPt: 2.5 },
  ...{ classes: 26, networks: 4 },
};
const pair = (standardErrorPt: number, p: number) => ({
  ...{ network: 'split0/A3B', against: 'split0/baseB', images: 900, differencePt: -3 },
  ...{ standardErrorPt, lowPt: -5, highPt: -1, p },
});
const part: ByImage = {
  target: null,
  matched: { AnB: [point] },
  pairs: [pair(1.2, 0.5), pair(0.7, 0.01), pair(0.8, 0.04)],
};

test('each interval stands in a column that names what it speaks of', () => {
  const results = buildResults({ study, networks, byImage: { 'random-halves': [part] } });
  const text = htmlText(byImageSection(results) ?? expect.unreachable());
  for (const words of ['other classes and images', '[−7.5, +0.5]', '[−9.5, +2.5]', '26, 4']) {
    expect(text).toContain(words);
  }
  // The first is that of the tables: over units.
  const { lowPt, highPt } = results.matched.AnB?.find(({ n }) => n === 3) ?? expect.unreachable();
  expect(lowPt).toBeLessThan(0);
  expect(text).toContain(`[−${Math.abs(lowPt ?? 0).toFixed(1)}, `);
  expect(highPt).not.toBeNull();
});

test('the sentence has the median standard error of pairs', () => {
  expect(pairSentence(part)).toContain('900 images');
  expect(pairSentence(part)).toContain('standard error of 0.8 Pt');
  expect(pairSentence(part)).toContain('(median of 3 pairs)');
  expect(pairSentence(part)).toContain('below 0.05 in 2 of them');
  expect(pairSentence({ ...part, pairs: [] })).toBe('');
});

test('a study without answers by image has no such section', () => {
  expect(byImageSection(buildResults({ study, networks }))).toBeNull();
});
