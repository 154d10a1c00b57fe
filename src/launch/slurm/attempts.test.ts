import { expect, test } from 'vitest';
import { attemptsAtStart, type BadEnd, nextStep } from './attempts.js';

const none = { ended: 0, failures: 0, progress: 0, message: '' };
const crash: BadEnd = { kind: 'failed', code: 'native', message: 'crashed' };

test('a task that saves something new each time is stopped by its limit as often as it takes', () => {
  let attempts = none;
  for (let start = 0; start < 50; start++) {
    const known = attemptsAtStart(attempts, start, start * 10);
    if ('giveUp' in known) throw new Error(known.giveUp);
    const next = nextStep(known, { kind: 'limit' }, start * 10 + 10);
    if (next.step !== 'again') throw new Error(next.message);
    expect(next.attempts.failures).toBe(0);
    attempts = next.attempts;
  }
});

test('a limit that comes before anything is saved ends after three times, and says what to do', () => {
  const first = nextStep(none, { kind: 'limit' }, 0);
  const second = nextStep(first.step === 'again' ? first.attempts : none, { kind: 'limit' }, 0);
  const third = nextStep(second.step === 'again' ? second.attempts : none, { kind: 'limit' }, 0);
  expect([first.step, second.step, third.step]).toEqual(['again', 'again', 'give up']);
  expect(third).toMatchObject({
    message: expect.stringMatching(/after 3 attempts.*longer --time/),
  });
});

test('crashes are tried again later and later, three times without anything new', () => {
  const first = nextStep(none, crash, 0);
  const second = nextStep(first.step === 'again' ? first.attempts : none, crash, 0);
  expect([first, second]).toMatchObject([{ pauseSeconds: 30 }, { pauseSeconds: 60 }]);
  const third = nextStep(second.step === 'again' ? second.attempts : none, crash, 0);
  expect(third).toMatchObject({ step: 'give up', message: expect.stringContaining('crashed') });
  // Something new was saved before the third crash: it counts as a first.
  const other = nextStep(second.step === 'again' ? second.attempts : none, crash, 40);
  expect(other).toMatchObject({ step: 'again', attempts: { failures: 1, progress: 40 } });
});

test('what another attempt would meet too is not tried again', () => {
  const end: BadEnd = { kind: 'failed', code: 'executor-missing', message: 'no library' };
  expect(nextStep(none, end, 0)).toEqual({ step: 'give up', message: 'no library' });
});

test('preemption is nobody’s failure, however often', () => {
  let attempts = none;
  for (let start = 0; start < 20; start++) {
    const next = nextStep(attempts, { kind: 'preempted' }, 0);
    if (next.step !== 'again') throw new Error(next.message);
    attempts = next.attempts;
  }
  expect(attempts.failures).toBe(0);
});

test('starts that ended without a word are counted apart, unless they saved something', () => {
  expect(attemptsAtStart(none, 1, 0)).toMatchObject({ failures: 0, ended: 1 });
  expect(attemptsAtStart(none, 3, 0)).toMatchObject({ giveUp: expect.stringMatching(/died/) });
  expect(attemptsAtStart(none, 3, 70)).toMatchObject({ failures: 0, progress: 70 });
  const known = { ...none, ended: 2, failures: 2 };
  expect(attemptsAtStart(known, 2, 0)).toMatchObject({ failures: 2 });
  // Crashed twice, then its node was taken before it could say anything: seen on a real cluster.
  expect(attemptsAtStart(known, 3, 0)).toMatchObject({ failures: 2, ended: 3 });
  expect(attemptsAtStart(known, 5, 0)).toMatchObject({
    giveUp: expect.stringMatching(/3 attempts/),
  });
});
