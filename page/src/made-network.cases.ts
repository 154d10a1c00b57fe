// A network for tests of the page: only what matters to a test is named there.
import type { NetworkState } from '../../src/dashboard/api.js';

/** A network that is done, except for what is given. */
export function madeNetwork(change: Partial<NetworkState> = {}): NetworkState {
  return {
    name: 'split0/A3B+',
    split: 'split0',
    repeat: 0,
    family: 'random-halves',
    treatment: 'AnB+',
    source: 'A',
    target: 'B',
    n: 3,
    state: 'done',
    accuracy: 0.612,
    iteration: 600,
    iterations: 600,
    matchedPt: 1.1,
    reason: null,
    ...change,
  };
}
