// Whole inputs of every reader, from which the mutated ones are made: a folder a sample.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { thisProcess } from '../../src/base/process-owner.js';
import { packImages } from '../../src/data/pack/pack-images.js';
import { logText } from '../../src/import/caffe/made-logs.cases.js';
import { writeCheckpoint } from '../../src/runs/checkpoint.js';
import { madeRecord } from '../../src/runs/made-record.cases.js';
import { demoPlan } from '../../src/study/plan/demo-plan.cases.js';
import { buildResults } from '../../src/study/results/build.js';
import { formatResults } from '../../src/study/results/json.js';
import { openFolder } from '../../src/study/store/open-folder.js';
import { readSafetensors, writeSafetensors } from '../../src/tensor/safetensors.js';
import { f32 } from '../../src/tensor/tensor.js';
import { readCaffeNetwork } from '../../src/net/formats/prototxt/read-network.js';
import { caffeModelOf, layersFor } from '../made-caffemodel.js';
import { makeNetworks } from '../made-study.js';
import { base, gangJob, member } from '../train/job.js';
import { type Files, jpeg, tarOf, writeFiles, writeZip } from '../data/sources/made-sources.js';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
const kept = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

/** A study file with every key. */
const everyKey = `name: everything
extends: []
data: {source: glyphs, size: 28, mirror: true, mean: target, records: auto, shuffle: {block: 16, window: 8}}
tasks:
  - {split: random-halves, seeds: [0, 1]}
  - {classes: {A: [A, B, C], B: rest}}
network: glyph28
outputs: &classes classes
solver: {lr: 0.01, momentum: 0.9, weightDecay: 0.0005, batch: 32, iterations: 100, stepSize: 30, gamma: 0.1, testEvery: 2epochs}
treatments: [base, BnB, BnB+, AnB, AnB+, random, warm-restart, AnB-p1]
layers: 1..5
targets: [A, B]
imagesPerClass: 10
repeats: 2
seed: 3
precision: bf16
statistic: top10
keep: all
`;

const solver = `net: "train_val.prototxt"\ntest_iter: 1000\ntest_interval: 1000\nbase_lr: 0.01
lr_policy: "step"\ngamma: 0.1\nstepsize: 100000\ndisplay: 20\nmax_iter: 450000\nmomentum: 0.9
weight_decay: 0.0005\nsnapshot: 10000\nsnapshot_prefix: "caffenet"\nsolver_mode: GPU\n`;

const metrics = [20, 40, 60].map((iteration) => ({
  ...{ iteration, epoch: iteration / 75, learningRate: 0.01, trainLoss: 3.4 },
  ...{ testLoss: iteration === 40 ? null : 3.3, testAccuracy: 0.125 },
}));

const progress = {
  ...{ iteration: 60, lossSum: 0, lossCount: 0, lowestTrainLoss: 3.02, seconds: 1.07 },
  frozenBefore: { 'conv1.weight': 'a'.repeat(64) },
};

function idx(magic: number, sizes: readonly number[], items: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic);
  sizes.forEach((size, at) => header.writeUInt32BE(size, 4 + 4 * at));
  return Buffer.concat([header, items]);
}

const labels = [3, 1, 4, 1, 5, 9, 2, 6, 0, 7, 8, 8];
const digits = (part: string): Files => ({
  [`${part}-labels-idx1-ubyte`]: idx(2049, [12], Uint8Array.from(labels)),
  [`${part}-images-idx3-ubyte`]: idx(2051, [12, 8, 8], new Uint8Array(12 * 64).fill(9)),
});

const record = (label: number): Buffer => Buffer.alloc(3073, label);
const batch = Buffer.concat([0, 1, 2].map(record));
const cifar: Files = {
  'batches.meta.txt': 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`data_batch_${at}.bin`, batch])),
  'test_batch.bin': batch,
};

async function pictures(): Promise<Files> {
  const files: Files = {};
  for (const [at, part] of ['train', 'val'].entries()) {
    for (const name of ['n01', 'n02']) files[`${part}/${name}/${at}.JPEG`] = await jpeg(at + 1);
  }
  return files;
}

async function tinyImagenet(): Promise<Files> {
  const image = await jpeg(3);
  const root = 'tiny-imagenet-200';
  return {
    [`${root}/wnids.txt`]: 'n01\nn02\n',
    [`${root}/words.txt`]: 'n01\ta\nn02\tb\n',
    [`${root}/train/n01/images/n01_0.JPEG`]: image,
    [`${root}/train/n02/images/n02_0.JPEG`]: await jpeg(4),
    [`${root}/val/images/val_0.JPEG`]: image,
    [`${root}/val/images/val_1.JPEG`]: await jpeg(5),
    [`${root}/val/val_annotations.txt`]:
      'val_0.JPEG\tn01\t0\t0\t9\t9\nval_1.JPEG\tn02\t0\t0\t9\t9\n',
  };
}

async function shard(first: number): Promise<Buffer> {
  const files: Files = {};
  for (const at of [first, first + 1]) {
    files[`${at}.jpg`] = await jpeg(at);
    files[`${at}.cls`] = String(at % 2);
    files[`${at}.json`] = JSON.stringify({ key: at });
  }
  return tarOf(files);
}

async function parquet(first: number): Promise<Uint8Array> {
  const images = [await jpeg(first), await jpeg(first + 1)];
  const features = { image: { _type: 'Image' }, label: { names: ['a', 'b'], _type: 'ClassLabel' } };
  const buffer = parquetWriteBuffer({
    schema: [
      { name: 'schema', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    columnData: [
      { name: 'image', data: images.map((bytes) => ({ bytes, path: null })) },
      { name: 'label', data: [0n, 1n] },
    ],
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
  });
  return new Uint8Array(buffer);
}

/** Writes the samples of every reader of `readers.mjs` below `root`, a folder by its name. */
export async function writeSamples(root: string): Promise<void> {
  const put = (reader: string, sample: string, files: Files): string =>
    writeFiles(join(root, reader, sample), files);
  put('study YAML', 'every', { 'in.yaml': everyKey });
  put('study YAML', 'template', { 'in.yaml': kept('examples/template.yaml') });
  put('study YAML', 'demo', { 'in.yaml': kept('examples/glyphs-demo.yaml') });
  put('prototxt', 'small', { in: kept('test/golden/small.prototxt') });
  for (const name of ['googlenet', 'resnet', 'mobilenet', 'vgg']) {
    put('prototxt', name, { in: kept(`test/fixtures/caffe/${name}.prototxt`) });
  }
  const layers = layersFor(readCaffeNetwork(kept('test/fixtures/caffe/resnet.prototxt'), 'r'));
  for (const syntax of [0, 1, 2] as const) {
    const bytes = caffeModelOf(layers, syntax);
    put('caffemodel', `syntax ${syntax}`, { 'in.caffemodel': bytes });
  }
  put('solver', 'usual', { in: solver });
  put('caffe log', 'one', {
    'transfer-ft0B0A_1_1/20140101-000000_1.o1': logText(
      [0, 1000, 2000].map((iteration) => ({ iteration, accuracy: 0.25, loss: 2.5 })),
    ),
  });
  const networks = makeNetworks({ weightLayers: 4, splits: 2 });
  const facts = { name: 'made', weightLayers: 4, statistic: 'final' } as const;
  const results = formatResults(buildResults({ study: facts, networks }));
  put('results.json', 'made', { 'results.json': results });
  const folder = join(root, 'plan.json', 'demo');
  mkdirSync(folder, { recursive: true });
  openFolder(folder, demoPlan({ layers: [1] }), '', false);
  rmSync(join(folder, 'study.yaml'));
  const run = 'runs/split0/baseA';
  const runText = JSON.stringify(
    madeRecord({ loading: { loaders: 2, waitShare: 0.5 }, weightsHash: 'a'.repeat(64) }),
  );
  const lines = metrics.map((line) => `${JSON.stringify(line)}\n`).join('');
  put('run.json', 'done', { [`${run}/run.json`]: runText });
  put('metrics.jsonl', 'three', { [`${run}/metrics.jsonl`]: lines });
  put('failure.json', 'one', { 'failure.json': '{"message": "out of memory"}' });
  put('import.json', 'one', {
    'import.json': JSON.stringify({
      ...{ schema: 'selffer.import/1', format: 'caffe', from: 'logs', files: 3, unknown: ['x'] },
      ...{ damaged: [{ file: 'a', problem: 'torn' }], warnings: ['w'], notes: [] },
    }),
  });
  put('lock.json', 'here', { 'lock.json': JSON.stringify({ ...thisProcess(), since: '2026' }) });
  const job = gangJob(join(root, 'nowhere'), [base('A'), member('A2B+', 2, false, 'baseA')]);
  put('job file', 'gang', { 'job.json': JSON.stringify(job) });
  await writeBinarySamples(root, put);
}

async function writeBinarySamples(
  root: string,
  put: (reader: string, sample: string, files: Files) => string,
): Promise<void> {
  const path = join(put('checkpoint', 'today', {}), 'checkpoint.safetensors');
  const tensors = { 'conv1.weight': f32([4, 3]), 'conv1.weight/velocity': f32([4, 3]) };
  writeCheckpoint(path, 'identity', { progress, tests: metrics, tensors });
  const { metadata } = readSafetensors(path);
  const { identity = '', progress: told = '' } = metadata;
  const old = join(put('checkpoint', 'before', {}), 'checkpoint.safetensors');
  writeSafetensors(old, tensors, { identity, progress: told });
  const images = await pictures();
  const source = writeFiles(join(root, '..', 'pictures'), images);
  for (const records of ['raw', 'jpeg'] as const) {
    const out = join(put('store', records, {}), 'in.store');
    await packImages({
      ...{ source: [source], baseDirectory: root, size: 8, isStrict: false, out },
      ...{ resize: 'warp', records },
    });
    rmSync(`${out}.report.json`, { force: true });
  }
  for (const name of ['cache-v1', 'raw-v2', 'jpeg-v2']) {
    const bytes = readFileSync(join(packageRoot, 'test/fixtures/stores', `${name}.store`));
    put('store', name, { 'in.store': bytes });
  }
  put('tar', 'folders', { 'in.tar': await tarOf(images) });
  await writeZip(join(put('zip', 'tiny', {}), 'tiny-imagenet-200.zip'), await tinyImagenet());
  put('IDX', 'digits', { ...digits('train'), ...digits('t10k') });
  put('CIFAR', 'ten', cifar);
  put('Parquet', 'hub', {
    'data/train-00000-of-00001.parquet': await parquet(1),
    'data/validation-00000-of-00001.parquet': await parquet(3),
  });
  const mat = readFileSync(join(packageRoot, 'test/fixtures/ilsvrc-meta.mat'));
  put('MAT-file', 'meta', { 'meta.mat': mat });
  put('WebDataset', 'shards', { 'train-0.tar': await shard(0), 'val-0.tar': await shard(2) });
}

/** A seed that differs from day to day and from test to test, or the one that is asked for. */
export function freshSeed(reader: string): number {
  const asked = process.env['SELFFER_FUZZ_SEED'];
  if (asked !== undefined) return Number(asked);
  return createHash('sha256').update(`${Date.now()} ${reader}`).digest().readUInt16LE(0);
}
