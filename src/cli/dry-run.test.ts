// What a dry run says: the network as it will be trained, who set each value, time measured here,
// what the machine has too little of; and that it decodes nothing.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { main } from './main.js';

let directory: string;
let out: string;
let err: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-dry-'));
  process.env['SELFFER_CACHE_DIR'] = join(directory, 'cache');
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env['SELFFER_CACHE_DIR'];
  process.exitCode = undefined;
  rmSync(directory, { recursive: true });
});

async function status(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  await main(args);
  return Number(process.exitCode ?? 0);
}

/** A folder of class folders, no parts: three classes of five images. */
async function photos(): Promise<string> {
  const folder = join(directory, 'photos');
  for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let image = 0; image < 5; image++) {
      const background = { r: 50 * image, g: 60 * at, b: 90 };
      const picture = sharp({ create: { width: 40, height: 40, channels: 3, background } });
      await picture.png().toFile(join(folder, name, `${image}.png`));
    }
  }
  return folder;
}

test('the network is printed as read, with who set what; nothing is decoded', async () => {
  const folder = await photos();
  const network = `name: "own" layer { name: "data" type: "Data" top: "data" top: "label"
    transform_param { crop_size: 28 mirror: false mean_value: 100 } data_param { batch_size: 4 } }
    layer { name: "c1" type: "Convolution" bottom: "data" top: "c1"
      convolution_param { num_output: 4 kernel_size: 5 stride: 2 weight_filler { type: "xavier" } } }
    layer { name: "f2" type: "InnerProduct" bottom: "c1" top: "f2"
      inner_product_param { num_output: 10 weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "f2" bottom: "label" top: "loss" }`;
  writeFileSync(join(directory, 'net.prototxt'), network);
  const study = join(directory, 'study.yaml');
  writeFileSync(
    study,
    `name: own
data: {source: ${folder}, size: 32, holdOut: 0.2}
network: net.prototxt
solver: {lr: 0.02, epochs: 1}
`,
  );
  const code = await status('run', study, '--dry-run', '--set', 'solver.momentum=0.5');
  expect(code, err).toBe(0);
  expect(out).toMatch(/1 +c1 +convolution +4 x 12 x 12 +304\n/);
  expect(out).toMatch(/2 +f2 +inner-product +2 +1,154\n/);
  for (const line of [
    'batch            4  (network file)',
    'mirror           no  (network file)',
    'mean subtracted  100, 100, 100  (network file)',
    'learning rate    0.02  (study file)',
    'momentum         0.5  (command line)',
    'weight decay     0.0005  (default)',
  ]) {
    expect(out).toContain(line);
  }
  // 20 images of 3 x 32 x 32.
  expect(out).toMatch(/cache +60 KiB for decoded images/);
  expect(out).toContain('timed now on one network');
  expect(err).toContain('folders <class>/ without parts, all for training');
  expect(existsSync(join(directory, 'cache'))).toBe(false);
  expect(existsSync(join(directory, 'own'))).toBe(false);
});

test('what the machine has too little of is said, and ends with status 1', async () => {
  const study = join(directory, 'study.yaml');
  const tasks = 'tasks: {split: random-halves}\nnetwork: glyph28\n';
  writeFileSync(study, `name: big\ndata: {source: glyphs}\n${tasks}`);
  const large = ['--set', 'solver.batch=1000000', '--set', 'solver.epochs=1000'];
  expect(await status('run', study, '--dry-run', ...large)).toBe(1);
  expect(out).toMatch(
    /the largest gang needs [\d.]+ GiB of memory, this machine has [\d.]+ GiB: take a smaller batch/,
  );
  out = '';
  expect(await status('run', study, '--dry-run', '--json', ...large)).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ shortages: [expect.stringContaining('of memory')] });
});
