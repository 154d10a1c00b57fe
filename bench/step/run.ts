// One training step, ours against PyTorch: both processes stay alive, their rounds are interleaved,
// medians and ratios printed.
// Usage: npm run bench:step -- [--python PATH] [--rounds N] [--iterations N] [--nets a,b@BATCH]
// [--ours x,y] [--peers x,y] [--profile] [--out DIR]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ProfileRow } from '../../src/executors/executor.js';
import { executorTable } from '../../src/executors/names.js';
import { describeEnvironment } from '../environment.js';
import { LineContestant } from '../line-contestant.js';
import { median } from '../median.js';
import { writeRecord } from '../write-record.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '9' },
    iterations: { type: 'string', default: '3' },
    nets: { type: 'string', default: 'tiny32,alex64,caffenet' },
    ours: { type: 'string', default: 'fp32,fp32-exact' },
    peers: { type: 'string', default: 'fp32-nchw,fp32-channels_last' },
    threads: { type: 'string', default: '2' },
    profile: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});

interface Answer {
  readonly timesMs: readonly number[];
  readonly profile?: readonly ProfileRow[];
  readonly [key: string]: unknown;
}

// Kinds of step that are one vendor primitive of the network's own arithmetic.
const ARITHMETIC =
  /^(convolution|inner_product|max_pool|average_pool|lrn|(batch|layer)_norm|matmul|softmax(?!_cross))/;

/** Prints where the last round's time went, and the share that was arithmetic. */
function printShares(net: string, rows: readonly ProfileRow[]): void {
  const total = rows.reduce((sum, { timeMs }) => sum + timeMs, 0);
  const inside = rows.filter(({ op }) => ARITHMETIC.test(op));
  const share = inside.reduce((sum, { timeMs }) => sum + timeMs, 0) / total;
  for (const { op, calls, timeMs } of rows) {
    const percent = ((100 * timeMs) / total).toFixed(1).padStart(5);
    console.log(
      `  ${op.padEnd(32)} ${percent} %  ${(timeMs / calls).toFixed(3).padStart(8)} ms a call`,
    );
  }
  const words = 'of the steps lies in convolution, product, pooling and normalising primitives';
  console.log(`${net}: ${(100 * share).toFixed(1)} % ${words}`);
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const threads = Number(options.threads);
const shared = { ...process.env, OMP_NUM_THREADS: options.threads };
const ours = new LineContestant(
  process.execPath,
  [fileURLToPath(new URL('subject.js', import.meta.url))],
  {
    ...shared,
    ...executorTable.onednn.environment(threads), // as our own workers run
    ...(options.profile && { SELFFER_PROFILE: '1' }),
  },
);
const peer = new LineContestant(options.python, [join(root, 'bench/peers/torch_step.py')], shared);
const environment = describeEnvironment('bench:step', threads);
const iterations = Number(options.iterations);
const subjects = [
  ...options.ours.split(',').map((variant) => ({ who: 'selffer', variant, contestant: ours })),
  ...options.peers
    .split(',')
    .filter(Boolean)
    .map((variant) => ({ who: 'torch', variant, contestant: peer })),
];
const results = [];
for (const net of options.nets.split(',')) {
  const times = subjects.map(() => [] as number[]);
  const about: Answer[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [index, { variant, contestant }] of subjects.entries()) {
      const answer = (await contestant.ask(`run ${net} ${variant} ${iterations}`)) as Answer;
      times[index]?.push(median(answer.timesMs));
      about[index] = answer;
    }
  }
  if (options.profile) printShares(net, about[0]?.profile ?? []);
  const base = times[0] ?? [];
  for (const [index, { who, variant }] of subjects.entries()) {
    const own = times[index] ?? [];
    // Pair by pair: drift of the machine's speed cancels.
    const ratio = median(own.map((time, round) => time / (base[round] ?? Number.NaN)));
    const row = { net, who, variant, medianMs: median(own), minMs: Math.min(...own), ratio };
    results.push({ ...row, roundsMs: own, about: { ...about[index], timesMs: undefined } });
    console.log(
      `${net.padEnd(15)} ${`${who} ${variant}`.padEnd(28)} median ${row.medianMs.toFixed(1).padStart(8)} ms  ` +
        `min ${row.minMs.toFixed(1).padStart(8)} ms  ${ratio.toFixed(2)}x of ours`,
    );
  }
}
ours.end();
peer.end();

if (options.out !== undefined) writeRecord(options.out, environment, results);
