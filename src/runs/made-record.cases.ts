// A record for tests.
import type { RunRecord } from './record.js';

/** A whole record of a network that is done, except for what `change` says. */
export function madeRecord(change: Partial<RunRecord>): RunRecord {
  return {
    schema: 'selffer.run/1',
    name: 'split0/baseA',
    identity: '',
    state: 'done',
    iterations: 10,
    finalAccuracy: 0.5,
    finalTestLoss: 1,
    top10Accuracy: 0.5,
    finalTrainLoss: 0.5,
    valImages: 100,
    classes: 5,
    frozenAudit: [],
    executor: {
      name: 'reference',
      version: '1',
      instructionSet: 'JavaScript',
      threads: 1,
      host: 'here',
    },
    trainSeconds: 1,
    ...change,
  };
}
