// Packing against a bare decode-and-resize loop: the rounds of both are interleaved, rates, ratios
// and peak memory printed.
// Usage: npm run bench:pack -- SOURCE [--size N] [--rounds N] [--records raw|jpeg] [--out FILE]
// The bare loop has all encoded files in memory and does nothing but sharp's decode, resize and
// raw output.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    records: { type: 'string', default: 'raw' },
    out: { type: 'string' },
  },
});

interface Round {
  readonly files: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const subject = fileURLToPath(new URL('./subject.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-bench-pack-'));

function round(what: 'bare' | 'pack', turn: number): Round {
  const out = join(folder, `${turn}.store`);
  const args = [subject, what, values.size, values.records, out, ...positionals];
  const answer = execFileSync(process.execPath, args, { encoding: 'utf8' });
  rmSync(out, { force: true });
  return JSON.parse(answer) as Round;
}

const rate = ({ files, seconds }: Round): number => files / seconds;
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const load = loadavg()[0];
const bare: Round[] = [];
const pack: Round[] = [];
try {
  for (let turn = 0; turn < Number(values.rounds); turn++) {
    // Who goes first changes from round to round.
    for (const what of turn % 2 === 0 ? (['bare', 'pack'] as const) : (['pack', 'bare'] as const)) {
      (what === 'bare' ? bare : pack).push(round(what, turn));
    }
    const [a, b] = [bare.at(-1) as Round, pack.at(-1) as Round];
    process.stdout.write(
      `round ${turn}: bare ${rate(a).toFixed(0)}/s, pack ${rate(b).toFixed(0)}/s (${((100 * rate(b)) / rate(a)).toFixed(1)} %), processor time ${a.cpuSeconds.toFixed(1)} and ${b.cpuSeconds.toFixed(1)} s, peak ${b.peakMiB.toFixed(0)} MiB\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const share = median(pack.map((each, turn) => rate(each) / rate(bare[turn] as Round)));
const result = {
  date: new Date().toISOString(),
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  machine: { cpu: cpus()[0]?.model, cores: availableParallelism(), loadAtStart: load },
  versions: { node: process.versions.node, ...sharp.versions },
  package: (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version,
  options: values,
  rounds: { bare, pack },
  medianShareOfBare: share,
  peakMiB: Math.max(...pack.map((each) => each.peakMiB)),
};
process.stdout.write(`median share of the bare loop: ${(100 * share).toFixed(1)} %\n`);
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
