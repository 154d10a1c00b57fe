import { describe, expect, test } from 'vitest';
import { madeArm, madeFacts } from '../../test/made-advice.js';
import type { AdvisedArm } from './advice.js';
import { answerOf, type Facts, outcomeOf, remarksOf } from './verdict.js';

const arm = madeArm;

function facts(arms: readonly AdvisedArm[], own: Partial<Facts> = {}): Facts {
  return { ...madeFacts(arms), notes: [], ...own };
}

describe('what an advice comes to', () => {
  const scratch = (less: number, p?: number) => arm('scratch', 0.6, less, p);

  test('better than scratch: use the source, and say by how much', () => {
    const found = facts([arm('fine-tune everything', 0.9, null), scratch(30)]);
    expect(outcomeOf(found)).toBe('use the source');
    expect(answerOf(found)[0]).toBe(
      'Do fine-tune everything: it gets 90.0 % (95 % interval 82.0 % to 98.0 %) of 100 images that had no part in training or choosing; guessing gets 50.0 %.',
    );
    expect(answerOf(found)[1]).toMatch(/better than training from scratch, .*\+30\.0 Pt/);
  });

  test('not told apart from scratch: the source brings nothing', () => {
    const found = facts([arm('frozen', 0.7, null), scratch(2, 0.6)]);
    expect(outcomeOf(found)).toBe('the source brings nothing');
    // The interval holds gains that count: that there is none is not shown either.
    expect(answerOf(found)[0]).toMatch(/^It is not shown that this network helps, nor/);
    expect(answerOf(found)[0]).toMatch(/apart from training from scratch; more images to judge/);
    const narrow = scratch(0.2, 0.6);
    const gain = { ...(narrow.chosenLessThis as object), lowPt: -0.6, highPt: 1 };
    const none = { ...narrow, chosenLessThis: gain } as AdvisedArm;
    const equal = facts([arm('frozen', 0.7, null), none]);
    expect(answerOf(equal)[0]).toMatch(/^This network brings nothing that can be measured/);
    const worse = facts([arm('frozen', 0.7, null), scratch(-20)]);
    expect(outcomeOf(worse)).toBe('the source brings nothing');
    expect(answerOf(worse)[0]).toMatch(/training from scratch does better/);
  });

  test('features that are no better than random ones: the source brings nothing', () => {
    const { cheap } = facts([]);
    const cuts = cheap.cuts.map((cut) => ({ ...cut, accuracy: 0.65 }));
    const found = facts([arm('frozen', 0.9, null), scratch(30)], { cheap: { ...cheap, cuts } });
    expect(outcomeOf(found)).toBe('the source brings nothing');
    expect(answerOf(found)[0]).toMatch(/those of random weights at any cut/);
  });

  test('without scratch to compare with it is not known', () => {
    const found = facts([arm('frozen', 0.9, null)]);
    expect(outcomeOf(found)).toBe('not known');
    expect(answerOf(found)[0]).toMatch(/^Do frozen: it gets 90\.0 %/);
  });

  test('scratch itself was best', () => {
    const found = facts([arm('scratch', 0.8, null), arm('frozen', 0.7, 10)]);
    expect(outcomeOf(found)).toBe('the source brings nothing');
  });

  test('an interval that holds guessing: nothing can be learned', () => {
    const found = facts([arm('frozen', 0.55, null), scratch(5)]);
    expect(outcomeOf(found)).toBe('nothing can be learned');
    expect(answerOf(found)[0]).toMatch(/^Nothing can be learned from these labels/);
  });

  test('a rival that is not told apart and cheaper is offered', () => {
    const found = facts([
      arm('fine-tune everything', 0.9, null),
      arm('last layer only', 0.89, 1, 0.8),
      scratch(30),
    ]);
    const text = answerOf(found).join('\n');
    expect(text).toMatch(
      /cannot be told apart from training the last layer only, by gradient steps/,
    );
    expect(text).toMatch(/Where it must be cheap, take do last layer only: 100 parameters/);
  });

  test('a rival that did better on the test is said to', () => {
    const found = facts([arm('frozen', 0.8, null), arm('last layer only', 0.9, -10), scratch(20)]);
    expect(answerOf(found)[1]).toMatch(/worse than training the last layer only/);
  });

  test('nothing trained: what frozen features say', () => {
    const found = facts([]);
    expect(outcomeOf(found)).toBe('not known');
    expect(answerOf(found)[1]).toMatch(/after layer3: 90\.0 % of 60/);
  });

  test('what limits it: classes that the source has seen, conventions that tie, a cut-off run', () => {
    const remarks = remarksOf(facts([arm('frozen', 0.8, null)], { isWhole: false })).join('\n');
    expect(remarks).toMatch(/1 of the 2 classes are called as those of ImageNet/);
    expect(remarks).toMatch(/cannot be told apart from symmetric\./);
    expect(remarks).toMatch(/answer so far/);
    expect(remarks).toMatch(/time for 3 epochs of training/);
  });
});
