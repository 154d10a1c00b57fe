import { expect, test } from 'vitest';
import { notTrained, type Reproduction } from '../study/reproduce/judge.js';
import { reproductionText } from './reproduce-text.js';

const equal: Reproduction = { ...notTrained('split0/A1B', ''), verdict: 'equal', message: null };

test('a verdict for each network, and how many there are of each', () => {
  const text = reproductionText([equal, notTrained('split0/baseA', 'it has not ended: waiting')]);
  expect(text.split('\n')).toEqual([
    'split0/A1B: equal to the bit',
    'split0/baseA: not trained again: it has not ended: waiting',
    '2 networks: 1 equal to the bit, 1 not trained again',
  ]);
});

test('the first difference, what it did to accuracy, and what was another', () => {
  const differing: Reproduction = {
    ...equal,
    verdict: 'expected',
    firstDifference: { what: 'testLoss', iteration: 20, recorded: 1.5, reproduced: 1.25 },
    accuracy: {
      ...{ recorded: 0.5, reproduced: 0.48, differencePt: -2, expectedPt: 3, of: 'test images' },
    },
    environment: [{ what: 'instructionSet', recorded: 'AVX512', reproduced: 'AVX2' }],
    trainedToo: ['split0/baseA'],
  };
  expect(reproductionText([differing]).split('\n')).toEqual([
    'split0/A1B: other numbers, as other arithmetic makes them',
    '  first difference: testLoss of the test at iteration 20: recorded 1.5, now 1.25',
    '  accuracy 50.0 %, now 48.0 % (−2.00 Pt); chance makes up to 3.00 Pt of it in 19 of 20 cases (test images)',
    '  instruction set: AVX512 when recorded, AVX2 now',
    '  split0/baseA, which it copies, was trained again too: its weights are gone or changed',
    '1 network: 1 other numbers, as other arithmetic makes them',
  ]);
});

test('a forged record, and a difference that nothing explains', () => {
  const what = 'frozenAudit';
  const forged: Reproduction = {
    ...equal,
    verdict: 'differs',
    contradiction: { what: 'finalAccuracy', iteration: null, recorded: 1, reproduced: 0.5 },
    firstDifference: { what, iteration: null, recorded: 'x'.repeat(99), reproduced: 'y' },
    accuracy: { recorded: 0.5, reproduced: 0.51, differencePt: 1, expectedPt: null, of: null },
  };
  const lines = reproductionText([forged]).split('\n');
  expect(lines[1]).toBe(
    '  finalAccuracy is 1 in run.json, 0.5 by the metrics beside it: one of them was changed',
  );
  expect(lines[2]).toBe(`  first difference: frozenAudit: recorded ${'x'.repeat(80)}..., now y`);
  expect(lines[3]).toContain('(+1.00 Pt); nothing in the study tells');
  expect(lines[4]).toContain('nothing that is known of the environment changed');
});
