// Before and after: this checkout against another one, both built, in interleaved rounds. Training
// steps by each checkout's own step subject, whole studies by each one's own command.
// Usage: npm run bench:before -- --before DIR [--rounds N] [--nets a,b@BATCH] [--iterations N]
// [--epochs E] [--study FILE] [--out DIR]
// DIR: the other checkout, with dist/ (npm run build) and build/ (tsc -p tsconfig.bench.json).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { executorTable } from '../../src/executors/names.js';
import { describeEnvironment } from '../environment.js';
import { LineContestant } from '../line-contestant.js';
import { median } from '../median.js';
import { writeRecord } from '../write-record.js';

const { values: options } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    iterations: { type: 'string', default: '5' },
    nets: { type: 'string', default: 'tiny32,glyph28,caffenet@8' },
    epochs: { type: 'string', default: '0.25' },
    study: { type: 'string', default: 'examples/glyphs-demo.yaml' },
    threads: { type: 'string', default: '2' },
    out: { type: 'string' },
  },
});
if (options.before === undefined) throw new Error('--before DIR is missing: the other checkout');

const sides = [
  { name: 'before', root: options.before },
  { name: 'after', root: fileURLToPath(new URL('../../..', import.meta.url)) },
] as const;
const rounds = Number(options.rounds);
const environment = describeEnvironment('bench:before', Number(options.threads));

interface Row {
  readonly what: string;
  readonly unit: 'ms' | 's';
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Prints the medians, the median of the rounds' ratios after / before (drift cancels), and the
 *  ratio of the shortest times. */
function report({ what, unit, before, after }: Row): void {
  const ratio = median(after.map((time, round) => time / (before[round] ?? Number.NaN)));
  const shortest = Math.min(...after) / Math.min(...before);
  const show = (times: readonly number[]): string => median(times).toFixed(unit === 's' ? 2 : 1);
  console.log(
    `${what.padEnd(24)} before ${show(before)} ${unit}, after ${show(after)} ${unit}, ` +
      `ratio ${ratio.toFixed(3)}, of the shortest ${shortest.toFixed(3)}`,
  );
}

/** Both sides in turn; who begins changes from round to round. */
async function interleaved(
  what: string,
  unit: Row['unit'],
  measure: (side: 0 | 1) => Promise<number>,
): Promise<Row> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) times[side].push(await measure(side));
  }
  const row = { what, unit, before: times[0], after: times[1] };
  report(row);
  return row;
}

async function steps(): Promise<readonly Row[]> {
  const threads = Number(options.threads);
  const variables = executorTable.onednn.environment(threads);
  const contestants = sides.map(({ root }) => {
    const script = join(root, 'build/bench/step/subject.js');
    return new LineContestant(process.execPath, [script], { ...process.env, ...variables });
  });
  const rows: Row[] = [];
  for (const net of options.nets.split(',').filter(Boolean)) {
    const ask = async (side: 0 | 1): Promise<number> => {
      const answer = await contestants[side]?.ask(`run ${net} fp32 ${options.iterations}`);
      return median((answer as { timesMs: number[] }).timesMs);
    };
    await ask(0);
    await ask(1); // not counted: code is generated, memory is touched
    rows.push(await interleaved(`step ${net}`, 'ms', ask));
  }
  for (const contestant of contestants) contestant.end();
  return rows;
}

async function studies(): Promise<readonly Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'selffer-before-'));
  const file = join(sides[1].root, options.study);
  let runs = 0;
  try {
    const measure = async (side: 0 | 1): Promise<number> => {
      const out = join(scratch, `${runs++}`);
      const command = [join(sides[side].root, 'bin/selffer.js'), 'run', file, '--out', out];
      const args = [...command, '--set', `solver.epochs=${options.epochs}`, '--json'];
      const started = performance.now();
      execFileSync(process.execPath, args, { stdio: 'ignore' });
      return (performance.now() - started) / 1000;
    };
    return [await interleaved(`study ${options.study}`, 's', measure)];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const rows = [...(await steps()), ...(Number(options.epochs) > 0 ? await studies() : [])];
const commits = sides.map(({ name, root }) => {
  const git = ['-C', root, 'rev-parse', '--short', 'HEAD'];
  return `${name} ${execFileSync('git', git, { encoding: 'utf8' }).trim()}`;
});
if (options.out !== undefined) writeRecord(options.out, { ...environment, commits }, rows);
