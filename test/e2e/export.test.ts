// `selffer export` of a trained study: a stranger who feeds pixels to the file gets the accuracy
// that the study reports.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTask } from '../../src/data/classes/task.js';
import { meanImage } from '../../src/data/minibatch/mean-image.js';
import { openStore } from '../../src/data/store/open-store.js';
import { readOnnx } from '../../src/net/formats/onnx/read-onnx.js';
import type { RunRecord } from '../../src/runs/record.js';
import { exportedMean } from '../../src/study/export/exported-mean.js';
import { readSafetensors } from '../../src/tensor/safetensors.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const runtime = await import('onnxruntime-node').catch((error: unknown) => String(error));
let directory: string;
let folder: string;

function selffer(...args: string[]) {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-export-'));
  folder = join(directory, 'out');
  const study = join(directory, 'study.yaml');
  writeFileSync(
    study,
    `name: small
data: {source: glyphs}
network: glyph28
solver: {batch: 32, lr: 0.02, iterations: 60, testEvery: 60}
treatments: [base, AnB]
targets: [B]
layers: [2]
`,
  );
  const { status, stderr } = selffer('run', study, '--out', folder, '--threads', '1', '--json');
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true }));

const record = (): RunRecord =>
  JSON.parse(readFileSync(join(folder, 'runs/split0/baseB/run.json'), 'utf8')) as RunRecord;

test('pixels of the validation images give the accuracy of the study', async ({ skip }) => {
  if (typeof runtime === 'string') return skip(`no onnxruntime-node: ${runtime}`);
  const file = join(directory, 'baseB.onnx');
  const { status, stdout, stderr } = selffer(
    ...['export', folder, 'split0/baseB', '--onnx', file, '--json'],
  );
  expect(status, stderr).toBe(0);
  const said = JSON.parse(stdout) as { classes: number; metadata: Record<string, string> };
  const classes = JSON.parse(said.metadata['classes'] as string) as string[];
  expect(classes).toHaveLength(said.classes);
  expect(JSON.parse(said.metadata['selffer.input'] as string)).toMatchObject({
    layout: 'NCHW',
    channels: 'grey',
    height: 28,
    width: 28,
    values: 'pixels, 0 to 255',
  });
  const set = openStore('glyphs');
  const task = makeTask(set, classes, null);
  const size = 28 * 28;
  const pixels = Float32Array.from([...task.val].flatMap((image) => [...set.val.pixels(image)]));
  const session = await runtime.InferenceSession.create(file);
  const { [session.outputNames[0] as string]: logits } = await session.run({
    data: new runtime.Tensor('float32', pixels, [pixels.length / size, 1, 28, 28]),
  });
  const rows = logits?.data as Float32Array;
  let correct = 0;
  task.val.forEach((image, at) => {
    const row = rows.slice(at * classes.length, (at + 1) * classes.length);
    if (row.indexOf(Math.max(...row)) === task.valLabels[image]) correct++;
  });
  const { finalAccuracy, valImages } = record();
  expect(finalAccuracy).toBeGreaterThan(2 / classes.length);
  expect(valImages).toBe(task.val.length);
  // Ties of rounding aside.
  expect(Math.abs(correct - (finalAccuracy as number) * valImages)).toBeLessThanOrEqual(2);
  expect(said.metadata['selffer.accuracy']).toBe(String(finalAccuracy));
});

test('a prepared file is the network, weight by weight', () => {
  const file = join(directory, 'prepared.onnx');
  const own = join(folder, 'runs', 'split0', 'baseB');
  expect(selffer('export', own, '--onnx', file, '--prepared').status).toBe(0);
  const { network, weights } = readOnnx(file);
  expect(network.layers[0]).toMatchObject({ name: 'conv1', inputs: ['data'] });
  const { tensors } = readSafetensors(join(own, 'weights.safetensors'));
  expect([...weights.keys()].toSorted()).toEqual(Object.keys(tensors).toSorted());
  for (const [name, { data }] of Object.entries(tensors)) {
    expect(weights.get(name)?.read(), name).toEqual(data);
  }
});

test('what cannot be exported is refused with what can be', () => {
  const file = join(directory, 'no.onnx');
  const unknown = selffer('export', folder, 'split0/baseC', '--onnx', file);
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toMatch(
    /found no network split0\/baseC, wanted one of those whose weights are kept: split0\/baseA, split0\/baseB/,
  );
  const lost = selffer('export', folder, 'split0/A2B', '--onnx', file);
  expect(lost.stderr).toMatch(/the weights of split0\/A2B were not kept[^]*keep: all/);
  expect(selffer('export', directory, '--onnx', file).stderr).toMatch(/plan\.json does not exist/);
  expect(existsSync(file)).toBe(false);
  const there = join(folder, 'plan.json');
  const taken = selffer('export', folder, 'split0/baseB', '--onnx', there);
  expect(taken.stderr).toMatch(/is there already/);
});

test('the mean image is cut as test images are', async () => {
  const set = openStore('glyphs');
  const classes = ['upper-A', 'upper-B'];
  const asked = { classes, imagesPerClass: 3, stores: ['/nowhere.store', 'glyphs'] };
  const window = { height: 21, width: 10 };
  const mean = await exportedMean({ ...asked, manifestHash: set.manifestHash }, window);
  const whole = await meanImage(set, makeTask(set, classes, 3));
  expect(mean.shape).toEqual([1, 21, 10]);
  // Rows 3 to 23, columns 9 to 18 of 28.
  expect([mean.data[0], mean.data[9], mean.data[10]]).toEqual(
    [3 * 28 + 9, 3 * 28 + 18, 4 * 28 + 9].map((at) => whole[at]),
  );
  await expect(exportedMean({ ...asked, manifestHash: 'other' }, window)).rejects.toThrow(
    /are not there any more: found \/nowhere\.store, glyphs/,
  );
});
