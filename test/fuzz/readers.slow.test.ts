// Ten thousand mutated inputs for every reader: each is read, or refused by an error of ours,
// within a second and in little memory. Seeds are new each time and printed:
//   SELFFER_FUZZ_SEED=17 npm run test:slow -- test/fuzz -t "study YAML"   the inputs of seed 17
//   SELFFER_FUZZ_COUNT=500 ...                                            fewer of them
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshSeed, writeSamples } from './samples.js';

const count = Number(process.env['SELFFER_FUZZ_COUNT'] ?? 10_000);
const child = fileURLToPath(new URL('child.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'selffer-fuzzed-'));
const samples = join(root, 'samples');
const faultsFolder = join(tmpdir(), 'selffer-faults');
beforeAll(() => writeSamples(samples));
afterAll(() => rmSync(root, { recursive: true }));

const names = [
  'study YAML',
  'prototxt',
  'caffemodel',
  'solver',
  'caffe log',
  'results.json',
  'plan.json',
  'run.json',
  'metrics.jsonl',
  'failure.json',
  'import.json',
  'lock.json',
  'job file',
  'checkpoint',
  'store',
  'tar',
  'zip',
  'IDX',
  'CIFAR',
  'Parquet',
  'MAT-file',
  'WebDataset',
];

interface Said {
  readonly at: number;
  readonly faults: readonly {
    readonly number: number;
    readonly problem: string;
    readonly folder: string;
  }[];
  readonly slowestMs: number;
  readonly rssMiB: number;
}

function read(reader: string, seed: number): Promise<{ said: Said | null; errors: string }> {
  const args = ['--max-old-space-size=256', child, reader, join(samples, reader)];
  const rest = [String(seed), '0', String(count), faultsFolder];
  const process_ = spawn(process.execPath, [...args, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  process_.stdout.on('data', (text: Buffer) => (out += text.toString()));
  process_.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-3000)));
  return new Promise((resolve) => {
    process_.once('close', (code, signal) => {
      const line = out.trim().split('\n').at(-1) ?? '';
      const said = line.startsWith('{') ? (JSON.parse(line) as Said) : null;
      resolve({ said, errors: `${errors}\nended with ${code ?? signal}` });
    });
  });
}

describe.concurrent('mutated inputs', () => {
  // Two at a time.
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  test.each(names)('%s', async (reader) => {
    const seed = freshSeed(reader);
    const lane = names.indexOf(reader) % lanes.length;
    const reading = lanes[lane]!.then(() => read(reader, seed));
    lanes[lane] = reading;
    const { said, errors } = await reading;
    const place = `${reader}, seed ${seed}`;
    console.log(
      `${place}: ${said === null ? errors : `${said.at} inputs, slowest ${said.slowestMs} ms, ${said.rssMiB} MiB`}`,
    );
    expect(said, `${place}: hung or ran out of memory: ${errors}`).not.toBeNull();
    const faults = said?.faults.map(
      ({ number, problem, folder }) => `${number} (${folder}): ${problem}`,
    );
    expect(faults, place).toEqual([]);
    expect(said?.at).toBe(count);
    expect(said?.rssMiB).toBeLessThan(500);
  });
});

test('samples are there for every reader', async () => {
  // Plain JavaScript, for it is read by a process without vitest.
  const path = fileURLToPath(new URL('readers.mjs', import.meta.url));
  const { readers } = (await import(path)) as { readers: object };
  expect(Object.keys(readers)).toEqual(names);
  expect(names.filter((name) => !existsSync(join(samples, name)))).toEqual([]);
});
