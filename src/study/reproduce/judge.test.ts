import { expect, test } from 'vitest';
import { type Answers, packAnswers } from '../../runs/answers.js';
import { madeRecord } from '../../runs/made-record.cases.js';
import type { MetricsLine } from '../../runs/metrics.js';
import type { RunExecutor, RunRecord } from '../../runs/record.js';
import type { EndedRun } from './compare-runs.js';
import { judge } from './judge.js';

const line = (iteration: number, change: Partial<MetricsLine> = {}): MetricsLine => ({
  ...{ iteration, epoch: iteration / 10, learningRate: 0.1, trainLoss: 1, testLoss: 1 },
  testAccuracy: 0.5,
  ...change,
});

const executor: RunExecutor = {
  ...{ name: 'onednn', version: 'oneDNN 2.6.3', instructionSet: 'AVX512_CORE', threads: 2 },
  host: 'one',
};
const elsewhere = { ...executor, host: 'other', instructionSet: 'AVX2' };

/** Answers to 100 images, those in `wrong` wrong. */
function answers(...wrong: number[]): Answers {
  const correct = Array.from({ length: 100 }, (_, i) => (wrong.includes(i) ? 0 : 1));
  return packAnswers('f'.repeat(64), new Int32Array(100), correct);
}

function run(change: Partial<RunRecord> = {}, tests = [line(5), line(10)]): EndedRun {
  const last = tests.at(-1) as MetricsLine;
  const { testAccuracy: finalAccuracy, testLoss: finalTestLoss, iteration: iterations } = last;
  const mean = tests.reduce((sum, each) => sum + each.testAccuracy, 0) / tests.length;
  const own = { executor, finalAccuracy, finalTestLoss, iterations, top10Accuracy: mean };
  return { record: madeRecord({ ...own, ...change }), tests, answers: null };
}

const changed = (change: Partial<MetricsLine>) => [line(5), line(10, change)];

test('equal runs are equal, whenever and wherever they were trained', () => {
  const again = run({ executor: elsewhere, trainSeconds: 99, ended: '2026-01-01T00:00:00Z' });
  expect(judge(run({ weightsHash: 'a' }), again, null, [])).toMatchObject({
    verdict: 'equal',
    contradiction: null,
    firstDifference: null,
    environment: [
      { what: 'instructionSet', recorded: 'AVX512_CORE', reproduced: 'AVX2' },
      { what: 'host', recorded: 'one', reproduced: 'other' },
    ],
  });
});

test.each<[string, EndedRun, object]>([
  [
    'a test',
    run({}, [line(5, { testLoss: 1 + 1e-15 }), line(10, { testLoss: 2 })]),
    { what: 'testLoss', iteration: 5 },
  ],
  [
    'a missing test',
    run({ finalAccuracy: 0.5 }, [line(5)]),
    { what: 'tests', iteration: 10, reproduced: 'no test' },
  ],
  [
    'a field of the record',
    run({ classes: 6 }),
    { what: 'classes', iteration: null, recorded: 5, reproduced: 6 },
  ],
  ['weights', run({ weightsHash: 'b' }), { what: 'weightsHash', recorded: 'a', reproduced: 'b' }],
])('the first difference is in %s', (_, again, difference) => {
  const found = judge(run({ weightsHash: 'a' }), again, { sdPt: 50, degrees: 9 }, []);
  // However large the noise is: the same arithmetic gives the same numbers.
  expect(found).toMatchObject({ verdict: 'differs', firstDifference: difference });
});

test('answers to single images are compared where numbers do not differ', () => {
  const found = judge(
    { ...run(), answers: answers(1, 2, 9) },
    { ...run(), answers: answers(1, 2, 17) },
    null,
    [],
  );
  expect(found.firstDifference).toMatchObject({
    what: 'answers to single images',
    recorded: '1 right that the other has wrong',
  });
});

test('other arithmetic may change accuracy as far as training again does, and no further', () => {
  const again = (testAccuracy: number): EndedRun =>
    run({ executor: elsewhere }, changed({ testAccuracy }));
  // t(0.975; 4) = 2.776, so 2.776 * sqrt(2) * 1 = 3.926 Pt.
  const noise = { sdPt: 1, degrees: 4 };
  const near = judge(run(), again(0.539), noise, []);
  expect(near.verdict).toBe('expected');
  expect(near.accuracy?.expectedPt).toBeCloseTo(3.9261, 3);
  expect(near.accuracy?.differencePt).toBeCloseTo(3.9, 9);
  expect(judge(run(), again(0.54), noise, []).verdict).toBe('differs');
  expect(judge(run(), again(0.46), noise, []).verdict).toBe('differs');
  expect(judge(run(), run({}, changed({ testAccuracy: 0.501 })), noise, []).verdict).toBe(
    'differs',
  );
  expect(judge(run(), again(0.501), null, []).verdict).toBe('differs'); // nothing tells
});

test('without training noise the test images say what chance makes', () => {
  const recorded = { ...run(), answers: answers(0, 1, 2, 3, 4, 5) };
  const again = { ...run({ executor: elsewhere }, changed({})), answers: answers(6, 7, 8) };
  const { accuracy } = judge(recorded, again, null, []);
  // b = 3, c = 6 of 100: 196 sqrt(9 - 9/100) / 100.
  expect(accuracy).toMatchObject({ of: 'test images' });
  expect(accuracy?.expectedPt).toBeCloseTo((196 * Math.sqrt(8.91)) / 100, 9);
});

test('a network that no longer ends in the same state is no expected change', () => {
  const again = run({ executor: elsewhere, state: 'dead' });
  expect(judge(run(), again, { sdPt: 50, degrees: 9 }, []).verdict).toBe('differs');
});

test('a record that contradicts its own metrics differs, even if it comes out again', () => {
  const forged = run({ finalAccuracy: 0.9 });
  expect(judge(forged, forged, null, [])).toMatchObject({
    verdict: 'differs',
    firstDifference: null,
    contradiction: { what: 'finalAccuracy', recorded: 0.9, reproduced: 0.5 },
  });
});
