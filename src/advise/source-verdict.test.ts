import { describe, expect, test } from 'vitest';
import { madeArm, madeFacts } from '../../test/made-advice.js';
import type { AdvisedSource } from './advice.js';
import { sourceSentences } from './source-verdict.js';

function source(name: string, accuracy: number, less: number | null, p?: number): AdvisedSource {
  const best = madeArm('frozen', accuracy, less, p);
  const probe = { n: 3, name: 'layer3', accuracy: 0.8 };
  return { name, model: madeFacts([]).model, probe, isTrained: true, best };
}

describe('which of several sources', () => {
  const chosen = source('alpha', 0.9, null);

  test('one that was told apart from another is to be taken', () => {
    const [first, other] = sourceSentences('use the source', [chosen, source('beta', 0.7, 20)]);
    expect(first).toBe(
      'Of the 2 networks alpha did best on the images to choose by; its best way gets 90.0 % of the final test: take it.',
    );
    expect(other).toBe('beta gets less, 70.0 % (+20.0 Pt, 95 % interval +15.0 to +25.0 Pt).');
  });

  test('none of them is told apart', () => {
    const others = [source('beta', 0.89, 1, 0.7), source('gamma', 0.88, 2, 0.6)];
    const [first, second] = sourceSentences('use the source', [chosen, ...others]);
    expect(first).toMatch(/where it cannot be told apart from beta and gamma\.$/);
    expect(second).toMatch(/^beta gets 89\.0 %, which cannot be told apart \(\+1\.0 Pt/);
  });

  test('the final test may say otherwise than the images to choose by', () => {
    const [first, other] = sourceSentences('use the source', [chosen, source('beta', 0.95, -5)]);
    expect(first).toMatch(/but beta did better there: which is the best is open\.$/);
    expect(other).toMatch(/^beta did better on these images, 95\.0 %/);
  });

  test('one whose ways were not trained, and one of which nothing is known', () => {
    const fitted = { ...source('beta', 0.7, 20), isTrained: false };
    const nothing = { ...source('gamma', 0.7, 20), best: null, probe: null };
    const [, second, third] = sourceSentences('use the source', [chosen, fitted, nothing]);
    expect(second).toMatch(
      /Its last layer alone was fitted, no other way.* features got 80\.0 %\.$/,
    );
    expect(third).toBe('gamma: no way to use it was finished.');
  });

  test('a source that brings nothing is not to be taken; of nothing learned nothing is said', () => {
    const both = [chosen, source('beta', 0.7, 20)];
    expect(sourceSentences('the source brings nothing', both)[0]).toMatch(/not shown to bring/);
    expect(sourceSentences('nothing can be learned', both)).toEqual([]);
    expect(sourceSentences('use the source', [{ ...chosen, best: null }])).toEqual([]);
  });
});
