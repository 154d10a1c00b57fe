import { afterEach, expect, test, vi } from 'vitest';
import { adviseDisplay } from './advise-display.js';

afterEach(() => vi.restoreAllMocks());

const step = { event: 'step', gang: 'g', images: 64, seconds: 0.5, iterations: 40 } as const;

/** What is written to a standard error that is no terminal, or is one. */
function heard(isTerminal: boolean) {
  const written: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  Object.defineProperty(process.stderr, 'isTTY', { value: isTerminal, configurable: true });
  return () => written.join('');
}

test('plain lines: what is done, and at most every ten seconds how far it is', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const text = heard(false);
  const display = adviseDisplay(600);
  display.say('round 1');
  display.on({ event: 'gang', gang: 'g', networks: ['A1B', 'A2B'], index: 0, gangs: 1 });
  display.on({ ...step, iteration: 1 });
  vi.advanceTimersByTime(12_000);
  display.on({ ...step, iteration: 10 });
  display.on({ ...step, iteration: 11 });
  display.close();
  vi.useRealTimers();
  const lines = text().trimEnd().split('\n');
  expect(lines.map((line) => line.trim())).toEqual([
    '0 s  round 1',
    '0 s  training A1B, A2B',
    '12 s  at most 9 min 48 s left | round 1 | 25 %, 128 images/s',
  ]);
});

test('a bar on a terminal, and lines above it', () => {
  const text = heard(true);
  const display = adviseDisplay(600);
  display.say('round 1');
  display.on({ ...step, iteration: 10 });
  display.close();
  expect(text()).toMatch(/at most 10 min 0 s left \| round 1 \| 25 %/);
  expect(text()).toMatch(/0 s {2}round 1\S*\n/);
});
