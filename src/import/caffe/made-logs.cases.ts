// Log text as Caffe of 2014 wrote it, for tests.

/** A test as a log should tell it. */
export interface MadeTest {
  readonly iteration: number;
  readonly accuracy: number;
  readonly loss?: number;
  readonly trainLoss?: number;
  readonly rate?: number;
  /** "MMDD HH:MM:SS". */
  readonly at?: string;
}

/** Lines of the tests of one process, each with its rate and training loss, as Caffe orders
 *  them. */
export function logText(tests: readonly MadeTest[], process = 23304): string {
  return tests.map((test) => testLines(test, process).join('\n') + '\n').join('');
}

function testLines(test: MadeTest, process: number): string[] {
  const { iteration, accuracy, loss = 3, trainLoss = 3, rate = 0.01, at = '0403 07:15:12' } = test;
  const line = (place: string, text: string) => `I${at}.972617 ${process} ${place}] ${text}`;
  return [
    line('solver.cpp:217', `Iteration ${iteration}, lr = ${rate}`),
    line('solver.cpp:74', `Iteration ${iteration}, loss = ${trainLoss}`),
    line('solver.cpp:96', `Iteration ${iteration}, Testing net`),
    line('solver.cpp:123', `Test score #0: ${accuracy}`),
    line('solver.cpp:123', `Test score #1: ${loss}`),
  ];
}

/** A job that stops before its first test. */
export const crashedStart = `Resuming training from file: snapshot_iter_230000.solverstate
I0311 23:50:56.204687 24248 train_net.cpp:26] Starting Optimization
I0311 23:51:00.039459 24248 solver.cpp:47] Solving CaffeNet
F0311 23:51:02.000000 24248 data_layer.cpp:137] Check failed: status.ok() Failed to open leveldb
*** Check failure stack trace: ***
`;
