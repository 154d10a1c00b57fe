// What it costs to give a plan of ten thousand networks to Slurm and to look at it, without any
// training: seconds, memory, files, calls of Slurm's commands.
// Usage: npm run bench:submit -- [--networks N] [--networks-per-task N] [--out DIR]
// With SLURM_CONF set, Slurm's own commands are called; else those of test/slurm/fake-slurm.mjs.
// Jobs begin in a day at the earliest and are cancelled at the end.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: '10000' },
    'networks-per-task': { type: 'string' },
    out: { type: 'string' },
  },
});
const root = resolve(import.meta.dirname, '../../..');
const isReal = process.env['SLURM_CONF'] !== undefined;
const environment = describeEnvironment('bench:submit', 1);
const work = mkdtempSync(join(tmpdir(), 'selffer-bench-submit-'));
const calls = join(work, 'calls.txt');
const folder = join(work, 'study');

/** Networks of one split: see the treatments and layers of {@link study}. */
const A_SPLIT = 54;
const seeds = Array.from({ length: Math.ceil(Number(options.networks) / A_SPLIT) }, (_, i) => i);
const study = `name: large
data: {source: glyphs}
tasks: {split: random-halves, seeds: [${seeds.join(', ')}]}
network: glyph28
solver: {epochs: 1}
layers: [1, 2, 3, 4, 5]
`;

/** Commands that count themselves, then are Slurm's or the fake ones. */
function commands(): string {
  const bin = join(work, 'bin');
  mkdirSync(bin);
  const fake = join(root, 'test/slurm/fake-slurm.mjs');
  for (const name of ['sbatch', 'squeue', 'scancel', 'scontrol', 'sacct']) {
    const target = isReal ? `/usr/bin/${name}` : `'${process.execPath}' '${fake}' ${name}`;
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\necho ${name} >> '${calls}'\nexec ${target} "$@"\n`);
    chmodSync(path, 0o755);
  }
  return bin;
}

const PATH = `${commands()}:${process.env['PATH']}`;
const atExit = `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(1024 * process.resourceUsage().maxRSS)))`;
const hook = join(work, 'peak.cjs');
writeFileSync(hook, atExit);

/** Seconds, peak memory and calls of one command line. */
function measure(...args: string[]) {
  writeFileSync(calls, '');
  const peak = join(work, 'peak.txt');
  const env = { ...process.env, PATH, PEAK: peak, FAKE_SLURM: work };
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', hook, join(root, 'bin/selffer.js'), ...args],
    { encoding: 'utf8', env, maxBuffer: 2 ** 30 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${status} ${stderr}`);
  const counts: Record<string, number> = {};
  for (const name of readFileSync(calls, 'utf8').split('\n').filter(Boolean)) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const said = stdout.split('\n').slice(0, 2).join(' | ').slice(0, 160);
  return { seconds, peakBytes: Number(readFileSync(peak, 'utf8')), calls: counts, said };
}

/** Files below a folder, and their bytes. */
function filesIn(path: string): { readonly files: number; readonly bytes: number } {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = files.reduce(
    (sum, each) => sum + statSync(join(each.parentPath, each.name)).size,
    0,
  );
  return { files: files.length, bytes };
}

try {
  const file = join(work, 'study.yaml');
  writeFileSync(file, study);
  const each = options['networks-per-task'];
  const run = [
    ...['run', file, '--out', folder, '--on', 'slurm', '--cpus-per-task', '1'],
    ...['--memory', '4G', '--sbatch', '--begin=now+1day'],
    ...(each === undefined ? [] : ['--networks-per-task', each]),
  ];
  const measured = {
    submit: measure(...run),
    files: { folder: filesIn(folder), submission: filesIn(join(folder, 'jobs')) },
    'submit again': measure(...run),
    status: measure('status', folder, '--json'),
    cancel: measure('cancel', folder),
  };
  const record = { environment, options, isReal, measured };
  console.log(JSON.stringify(record, null, 1));
  if (options.out !== undefined) {
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(record, null, 1)}\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
