import { expect, test } from 'vitest';
import { madeNetwork } from '../made-network.cases.js';
import { inWords, ownName, progressOf } from './network-words.js';

test('a network in words, as tooltips and screen readers have it', () => {
  expect(inWords(madeNetwork())).toBe('A3B+, split0: done, 61.2 %, 1.1 points above its base');
  const running = madeNetwork({ state: 'running', accuracy: 0.412, iteration: 300 });
  expect(inWords(running)).toBe('A3B+, split0: running, 41.2 % after 300 of 600 iterations');
  const untested = madeNetwork({ state: 'running', accuracy: null, iteration: 12 });
  expect(inWords(untested)).toBe('A3B+, split0: running, 12 of 600 iterations');
  const waiting = madeNetwork({ state: 'waiting', accuracy: null, iteration: null });
  expect(inWords(waiting)).toBe('A3B+, split0: waiting');
  const failed = madeNetwork({ state: 'failed', accuracy: null, reason: 'killed by SIGKILL' });
  expect(inWords(failed)).toBe('A3B+, split0: failed: killed by SIGKILL');
});

test('a base is not compared with itself', () => {
  const base = madeNetwork({ name: 'split0-r1/baseB', treatment: 'base', matchedPt: 0 });
  expect(inWords(base)).toBe('baseB, split0-r1: done, 61.2 %');
  expect(ownName(base)).toBe('baseB');
});

test('progress: what has ended is whole, and nothing is more than that', () => {
  expect(progressOf(madeNetwork({ state: 'running', iteration: 300 }))).toBe(0.5);
  expect(progressOf(madeNetwork({ state: 'running', iteration: 900 }))).toBe(1);
  expect(progressOf(madeNetwork({ state: 'dead', iteration: null }))).toBe(1);
  expect(progressOf(madeNetwork({ state: 'waiting', iteration: null, iterations: 0 }))).toBe(0);
});
