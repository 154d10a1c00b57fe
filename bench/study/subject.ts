// Our side of `bench:study` and `bench:growth`: opens a gang as a worker does, times some
// iterations and one test of it, and closes it again. One JSON request a line on stdin, one JSON
// answer a line on stdout.
import { createInterface } from 'node:readline';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { evaluate } from '../../src/train/evaluate.js';
import { feedsOf } from '../../src/train/feeds.js';
import type { GangJob } from '../../src/train/job.js';
import { type Gang, openGang } from '../../src/train/open-gang.js';
import { saveWeights } from '../../src/train/state.js';
import type { PartTimes } from './sums.js';
import { scalarsAt } from '../../src/train/learning-rate.js';

/** What to measure. */
export interface GangRequest {
  readonly job: GangJob;
  readonly warmUp: number;
  readonly iterations: number;
  /** Leave the networks' weights for those that copy them. */
  readonly saveWeights: boolean;
  /** Leaves out the test; `testMs` is 0 then. */
  readonly skipsTest?: boolean;
}

/** What was measured. */
export interface GangAnswer extends PartTimes {
  readonly openMs: number;
  readonly engine: string;
  readonly arenaBytes: number;
  readonly stateBytes: number;
  /** Largest resident size of the process so far. */
  readonly peakResidentBytes: number;
}

const executor = createOnednnExecutor();

// The same calls as one pass of src/train/train-gang.ts, without metrics and checkpoints.
async function iterate({ job, source, executable }: Gang, iteration: number): Promise<void> {
  const scalars = scalarsAt(job, iteration);
  const minibatch = await source.train(iteration);
  await executable.run('train', feedsOf(minibatch), scalars);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function measure(request: GangRequest): Promise<GangAnswer> {
  const { job, warmUp, iterations, saveWeights: keep, skipsTest = false } = request;
  const started = performance.now();
  const gang = await openGang(job, { executor, emit: () => {}, shouldStop: () => false });
  const openMs = performance.now() - started;
  try {
    for (let t = 0; t < warmUp; t++) await iterate(gang, t);
    const iterationMs: number[] = [];
    for (let i = 0; i < iterations; i++) {
      iterationMs.push(await timed(() => iterate(gang, warmUp + i)));
    }
    const active = gang.members.map(() => true);
    const testMs = skipsTest ? 0 : await timed(() => evaluate(gang, active));
    if (keep) for (const member of gang.members) await saveWeights(gang.executable, member);
    const { version, instructionSet } = executor.info;
    const { arenaBytes, stateBytes } = gang.executable.footprint;
    return {
      iterationMs,
      testMs,
      openMs,
      engine: `${version} (${instructionSet})`,
      arenaBytes,
      stateBytes,
      peakResidentBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    gang.source.dispose();
    gang.executable.dispose();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer: GangAnswer | { readonly error: string };
  try {
    answer = await measure(JSON.parse(line) as GangRequest);
  } catch (error) {
    // The driver decides; a precision that this processor lacks must not end the process.
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
