// Files that were damaged between two sessions of training: what cannot be trusted is set aside,
// and every network ends with the numbers of an undisturbed one.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint.js';
import { type RunFiles, runFiles } from '../../src/runs/files.js';
import { readRecord } from '../../src/runs/record.js';
import { readSafetensors, writeSafetensors } from '../../src/tensor/safetensors.js';
import { f32 } from '../../src/tensor/tensor.js';
import type { WorkerEvent } from '../../src/train/events.js';
import type { NetworkJob } from '../../src/train/job.js';
import { trainGang } from '../../src/train/train-gang.js';
import { base, gangJob, member } from './job.js';

const hurt = member('B2B', 2, true, 'baseB');
const other = member('B4B+', 4, false, 'baseB');
const family = [hurt, other];

const executor = createReferenceExecutor();
const root = mkdtempSync(join(tmpdir(), 'selffer-damage-'));
afterAll(() => rmSync(root, { recursive: true }));

async function train(
  folder: string,
  networks: readonly NetworkJob[],
  stopAfter = Infinity,
): Promise<readonly WorkerEvent[]> {
  const events: WorkerEvent[] = [];
  let asked = 0;
  const shouldStop = (): boolean => ++asked >= stopAfter;
  const context = { executor, emit: (event: WorkerEvent) => events.push(event), shouldStop };
  await trainGang(gangJob(folder, networks), context);
  return events;
}

function without(object: object, ...keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** All that stays of a network: its weights, its metrics, what its record says of its numbers. */
function remains(folder: string, { directory }: NetworkJob): unknown {
  const files = runFiles(folder, directory);
  const record = without(readRecord(files.record) ?? {}, 'trainSeconds', 'loading', 'ended');
  return [record, readFileSync(files.weights, 'hex'), readFileSync(files.metrics, 'utf8')];
}

let whole: string;
let begun: string;
beforeAll(async () => {
  whole = join(root, 'whole');
  await train(whole, [base('B')]);
  begun = join(root, 'begun');
  cpSync(whole, begun, { recursive: true });
  await train(whole, family);
  await train(begun, family, 5);
});

let copies = 0;
function resumed(): { readonly folder: string; readonly files: RunFiles } {
  const folder = join(root, `copy${copies++}`);
  cpSync(begun, folder, { recursive: true });
  return { folder, files: runFiles(folder, hurt.directory) };
}

function flip(path: string, at: (length: number) => number): void {
  const bytes = readFileSync(path);
  const place = at(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  writeFileSync(path, bytes);
}

type Damage = (files: RunFiles) => void;
const change =
  (edit: (checkpoint: NonNullable<ReturnType<typeof readCheckpoint>>) => object): Damage =>
  ({ checkpoint: path }) => {
    const found = readCheckpoint(path, hurt.identity);
    if (found === null) throw new Error('no checkpoint');
    writeCheckpoint(path, hurt.identity, { ...found, ...edit(found) });
  };
const withoutChecksum =
  (edit: (metadata: Record<string, string>) => Record<string, string>): Damage =>
  ({ checkpoint: path }) => {
    const { tensors, metadata } = readSafetensors(path);
    writeSafetensors(path, tensors, edit(without(metadata, 'checksum')));
  };

test.each<[string, Damage, RegExp]>([
  ['torn', ({ checkpoint }) => truncateSync(checkpoint, 1000), /not a whole safetensors/],
  ['empty', ({ checkpoint }) => truncateSync(checkpoint, 0), /it has 0 bytes/],
  [
    'zeroed',
    ({ checkpoint }) => writeFileSync(checkpoint, new Uint8Array(readFileSync(checkpoint).length)),
    /header/,
  ],
  [
    'with a flipped bit in a weight',
    ({ checkpoint }) => flip(checkpoint, (n) => n - 5),
    /was changed since/,
  ],
  [
    'with a flipped bit in its progress',
    ({ checkpoint }) => flip(checkpoint, () => readFileSync(checkpoint).indexOf('lossSum')),
    /./,
  ],
  ['a folder', ({ checkpoint }) => (rmSync(checkpoint), mkdirSync(checkpoint)), /is not a file/],
  [
    'of a negative iteration',
    change(({ progress }) => ({ progress: { ...progress, iteration: -1 } })),
    /found -1/,
  ],
  [
    'of an iteration past the end',
    change(({ progress }) => ({ progress: { ...progress, iteration: 9999 } })),
    /iteration 9999 of/,
  ],
  [
    'of another shape',
    change(({ tensors }) => ({ tensors: { ...tensors, 'fc4.weight': f32([3]) } })),
    /fc4.weight: found f32\[3\], wanted/,
  ],
  ['without a tensor', change(() => ({ tensors: {} })), /found nothing, wanted/],
  ['without its tests', change(() => ({ tests: [] })), /wanted 1 tests until then, found 0/],
  [
    'of other frozen weights',
    change(({ progress }) => ({ progress: { ...progress, frozenBefore: {} } })),
    /frozen conv1.weight, .* changed/,
  ],
  [
    'of an older version, without progress',
    withoutChecksum((metadata) => without(metadata, 'progress')),
    /no progress/,
  ],
])(
  'a checkpoint that is %s is set aside, and all ends as if undisturbed',
  async (_, damage, problem) => {
    const { folder, files } = resumed();
    damage(files);
    const events = await train(folder, family);
    const warnings = events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(problem);
    expect(warnings[0]).toContain('set aside as checkpoint.safetensors.damaged, and');
    expect(warnings[0]).toContain(`${hurt.name} starts again`);
    expect(existsSync(`${files.checkpoint}.damaged`)).toBe(true);
    for (const network of family) expect(remains(folder, network)).toEqual(remains(whole, network));
  },
);

test('a checkpoint of an older version is resumed from, with the tests of the file', async () => {
  const { folder, files } = resumed();
  withoutChecksum((metadata) => without(metadata, 'tests'))(files);
  const events = await train(folder, family);
  expect(events.some(({ event }) => event === 'warning')).toBe(false);
  expect(readdirSync(join(folder, hurt.directory))).not.toContain('checkpoint.safetensors.damaged');
  expect(remains(folder, hurt)).toEqual(remains(whole, hurt));
});

test.each<[string, Damage]>([
  ['torn', ({ metrics }) => truncateSync(metrics, 20)],
  ['gone', ({ metrics }) => rmSync(metrics)],
  ['continued by half a line', ({ metrics }) => appendFileSync(metrics, '{"iteration": 8, "ep')],
  [
    'another number',
    ({ metrics }) =>
      writeFileSync(
        metrics,
        readFileSync(metrics, 'utf8').replace(/"testAccuracy":[^}]*/, '"testAccuracy":1'),
      ),
  ],
  ['zeroed', ({ metrics }) => writeFileSync(metrics, new Uint8Array(100))],
])('metrics that are %s are made again from the checkpoint', async (_, damage) => {
  const { folder, files } = resumed();
  damage(files);
  await train(folder, family);
  for (const network of family) expect(remains(folder, network)).toEqual(remains(whole, network));
});

test('weights of a base that were replaced stop its copies, with both hashes, before training', async () => {
  const { folder } = resumed();
  const files = runFiles(folder, base('B').directory);
  const trained = readRecord(files.record)?.weightsHash;
  const sha = (path: string): string => execFileSync('sha256sum', [path]).toString().slice(0, 64);
  expect(trained).toBe(sha(files.weights));
  flip(files.weights, (length) => length - 5);
  const refused = await train(folder, family).catch((error: Error) => error.message);
  expect(refused).toContain(
    `its SHA-256 is ${sha(files.weights)}, when it was trained it was ${trained}`,
  );
  // A record of an older version has no hash; that the file is another run's is seen all the same.
  writeFileSync(
    files.record,
    JSON.stringify(without(readRecord(files.record) ?? {}, 'weightsHash')),
  );
  await train(folder, [hurt]);
  const { tensors } = readSafetensors(files.weights);
  writeSafetensors(files.weights, tensors, { identity: 'another' });
  await expect(train(folder, [other])).rejects.toThrow('it is of run another, wanted');
});
