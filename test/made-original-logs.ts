// The whole original study as made logs, laid out as the authors' are: one directory for each of
// the 170 names, whole schedules cut into jobs that overlap, files out of order, some gzipped,
// crashed starts, gaps, and directories without a log.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { originalNetworks } from './yosinski2014.js';
import type { NetworkResult } from '../src/study/results/types.js';
import { crashedStart, logText, type MadeTest } from '../src/import/caffe/made-logs.cases.js';

const testEvery = 1000;
const minutesPerTest = 30;

/** Iterations of a network's schedule. */
export function iterationsOf({ family }: Pick<NetworkResult, 'family'>): number {
  return family === 'reduced' ? 200_000 : 450_000;
}

/** Iterations that the released logs lack: tests from `from` to `to` were not logged. */
export const gaps: Readonly<Record<string, { readonly from: number; readonly to: number }>> = {
  transfer0A0A_1_1: { from: 38_000, to: 50_000 },
  transfer2B2A_1_4: { from: 1000, to: 360_000 },
  transfer2B2A_1_7: { from: 1000, to: 370_000 },
};

/** Number of tests that the logs of a network hold. */
export function testsOf(network: Pick<NetworkResult, 'family' | 'originalName'>): number {
  const gap = gaps[network.originalName ?? ''];
  const lacking = gap ? (gap.to - gap.from) / testEvery + 1 : 0;
  return iterationsOf(network) / testEvery - lacking;
}

/** Writes the logs of all 170 names into `folder`. */
export function writeOriginalLogs(folder: string): void {
  for (const [index, network] of originalNetworks().entries()) {
    const directory = join(folder, network.originalName ?? '');
    mkdirSync(directory, { recursive: true });
    if (network.state === 'missing') {
      // Half of them are empty; the others have what the authors' have besides logs, or a log
      // without a test.
      if (index % 4 === 0) writeFileSync(join(directory, 'imagenet_solver.prototxt'), 'net: "x"\n');
      if (index % 4 === 2) writeFileSync(join(directory, '140507_104356_x.o1'), crashedStart);
      continue;
    }
    for (const [name, content] of filesOf(network, index)) {
      writeFileSync(join(directory, name), content);
    }
  }
}

// Names sort against time: the last job has the smallest number as text.
function filesOf(
  network: NetworkResult,
  index: number,
): (readonly [string, string | Uint8Array])[] {
  const [first = '', second = '', third = ''] = jobsOf(network, index);
  if (network.originalName === 'netbase') {
    return [['catlog.oMANUAL.gz', gzipSync([third, crashedStart, first, second].join(''))]];
  }
  const stamp = `140403_063910_${network.originalName}`;
  const files = [
    [`${stamp}.o99831`, second],
    [`${stamp}.o239566`, first],
    [`${stamp}.o100024`, third],
    [`${stamp}.o100025`, crashedStart],
  ] as const;
  return files.map(([name, text], i) =>
    (i + index) % 2 === 0 ? [name, text] : [`${name}.gz`, gzipSync(text)],
  );
}

// Three jobs; the first two go on for five tests past the snapshot that the next one resumes from.
// Those tests are far too high: whoever lets them count, or takes the last file for the latest,
// gets another mean.
function jobsOf(network: NetworkResult, index: number): string[] {
  const tests = testsByIteration(network);
  const last = iterationsOf(network);
  const ends = [0.4, 0.75, 1].map((part) => Math.round((part * last) / 10_000) * 10_000);
  return ends.map((end, job) => {
    const start = ends[job - 1] ?? 0;
    const began = Date.UTC(2014, 3, 3 + 10 * job + (index % 7), 7);
    const own = tests.filter(({ iteration }) => iteration > start && iteration <= end);
    const superseded = tests
      .filter(({ iteration }) => iteration > end && iteration <= end + 5 * testEvery)
      .map((test) => ({ ...test, accuracy: 0.99 }));
    const timed = [...own, ...superseded].map((test, i) => ({
      ...test,
      at: stampOf(began + 60_000 * minutesPerTest * i),
    }));
    return logText(timed, 20_000 + 10 * index + job);
  });
}

function stampOf(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  return `${date.slice(5).replace('-', '')} ${clock.slice(0, 8)}`;
}

// Ten tests spread over the last eighth are the best and have the published mean; the last one has
// the published last value.
function testsByIteration(network: NetworkResult): MadeTest[] {
  const { accuracy, finalAccuracy, state, originalName } = network;
  const [top, final] = [accuracy ?? 0, finalAccuracy ?? 0];
  const count = iterationsOf(network) / testEvery;
  const isFinalBest = final > top;
  const others = isFinalBest ? (10 * top - final) / 9 : top;
  const best = new Set(
    Array.from(
      { length: isFinalBest ? 9 : 10 },
      (_, i) => count - 2 - Math.floor((i * count) / 80),
    ),
  );
  const gap = gaps[originalName ?? ''];
  return Array.from({ length: count }, (_, i) => {
    const low = 0.98 * Math.min(final, top) * (1 - Math.exp(-(i + 1) / 40));
    const value = i === count - 1 ? final : best.has(i) ? others : low;
    return {
      iteration: testEvery * (i + 1),
      accuracy: Number(value.toPrecision(6)),
      trainLoss: state === 'dead' ? 6.9078 : 1.5,
      rate: 0.01 * 10 ** -Math.floor((testEvery * (i + 1)) / 100_001),
    };
  }).filter(({ iteration }) => !gap || iteration < gap.from || iteration > gap.to);
}
