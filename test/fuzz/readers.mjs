// The readers of the product and how their inputs are changed. Each reads the files of a folder; an
// error that is not ours is a fault.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockOwner, takeLock } from '../../dist/base/process-lock.js';
import { readMatStructures } from '../../dist/data/sources/mat-file.js';
import { openSource } from '../../dist/data/sources/layouts.js';
import { openStore } from '../../dist/data/store/open-store.js';
import { glyphSet } from '../../dist/data/store/glyph-set.js';
import { readImportFile } from '../../dist/import/import-file.js';
import { readCaffeLogs } from '../../dist/import/caffe/read-logs.js';
import { writeImportedStudy } from '../../dist/import/caffe/write-study.js';
import { checkNetwork } from '../../dist/net/check.js';
import { readCaffeModel } from '../../dist/net/formats/caffemodel/read-caffemodel.js';
import { readCaffeNetwork } from '../../dist/net/formats/prototxt/read-network.js';
import { readCaffeSolver } from '../../dist/net/formats/prototxt/read-solver.js';
import { networkFiles } from '../../dist/runs/files.js';
import { checkpointIdentity, readCheckpoint } from '../../dist/runs/checkpoint.js';
import { readFailure } from '../../dist/runs/failure.js';
import { readMetrics } from '../../dist/runs/metrics.js';
import { readRecord } from '../../dist/runs/record.js';
import { RunView } from '../../dist/runs/view.js';
import { buildResults } from '../../dist/study/results/build.js';
import { formatResults } from '../../dist/study/results/json.js';
import { parseResults } from '../../dist/study/results/parse.js';
import { readStudy } from '../../dist/study/file/read-study.js';
import { planStudy } from '../../dist/study/plan/plan.js';
import { StudyFolder } from '../../dist/study/run/folder.js';
import { readResults } from '../../dist/study/store/results-file.js';
import { readSafetensors, readSafetensorsTensor } from '../../dist/tensor/safetensors.js';
import { readJob } from '../../dist/train/job-file.js';
import { readyPart } from '../../dist/train/ready-part.js';
import { mutateBytes, mutateJson, mutateLines, mutateText } from './mutate.mjs';

const text = (mutate) => (bytes, random) => Buffer.from(mutate(bytes.toString(), random));
const only = (folder) => join(folder, readdirSync(folder)[0] ?? '');
const content = (folder) => readFileSync(only(folder), 'utf8');

const counts = (part) => {
  const { classes } = glyphSet();
  const found = classes.map(() => 0);
  for (const label of glyphSet()[part].labels) found[label] += 1;
  return found;
};
const facts = {
  ...{ store: 'glyphs', classes: glyphSet().classes, form: glyphSet().form },
  ...{
    manifestHash: glyphSet().manifestHash,
    trainCounts: counts('train'),
    valCounts: counts('val'),
  },
};
const resnet = new URL('../fixtures/caffe/resnet.prototxt', import.meta.url);
const caffe = readCaffeNetwork(readFileSync(resnet, 'utf8'), 'resnet');
/** A plan of so many networks takes a moment that has nothing to do with reading. */
const FEW_REPEATS = 5;

async function readImages(path) {
  for (const source of await openSource(path)) {
    await source.channels?.();
    for await (const entry of source.entries(() => {})) {
      // Files that cannot be read are left out by their name.
      if (entry.kind === 'file') await entry.read().catch(ours);
    }
  }
}

let ours = () => {};
/** @param check throws what is not ours */
export function expectOurs(check) {
  ours = check;
}

// Nine in ten changes would end at the checksum of a store's index: most get the right one.
function repairStore(bytes, random) {
  const [CHECKSUM, LENGTH] = [32, 64];
  if (random() < 0.2 || bytes.length < LENGTH) return bytes;
  const at = Number(bytes.readBigUInt64LE(8));
  if (at > bytes.length) return bytes;
  const hash = createHash('sha256').update(bytes.subarray(0, CHECKSUM)).update(bytes.subarray(at));
  hash.digest().copy(bytes, CHECKSUM);
  return bytes;
}

/** How each kind of input is changed and read. A `folder` is read as a whole, one file of it
 *  changed. */
export const readers = {
  'study YAML': {
    mutate: text(mutateText),
    read: (folder) => {
      const study = readStudy(only(folder));
      const isSmall = study.repeats <= FEW_REPEATS && study.tasks.length <= FEW_REPEATS;
      if (isSmall) planStudy(study, () => facts);
    },
  },
  prototxt: {
    mutate: text(mutateText),
    read: (folder) => {
      const { network } = readCaffeNetwork(content(folder), 'in');
      checkNetwork(network, 10);
    },
  },
  caffemodel: {
    mutate: mutateBytes,
    read: (folder) => {
      for (const { read } of readCaffeModel(only(folder), caffe, 10).weights.values()) read();
    },
  },
  solver: { mutate: text(mutateText), read: (folder) => readCaffeSolver(content(folder), 'in') },
  'caffe log': {
    mutate: text(mutateText),
    read: async (folder, scratch) => {
      writeImportedStudy(scratch, 'fuzz', folder, await readCaffeLogs(folder));
    },
  },
  'results.json': {
    mutate: text(mutateJson),
    read: (folder) => formatResults(buildResults(parseResults(content(folder)))),
  },
  'plan.json': {
    mutate: text(mutateJson),
    read: (folder) => {
      const study = new StudyFolder(folder);
      const plan = study.plan();
      if (plan === null) return;
      for (const { name } of plan.networks) study.tests(name);
      formatResults(readResults(folder));
    },
  },
  'run.json': {
    mutate: text(mutateJson),
    read: (folder) => {
      const files = networkFiles(folder, 'split0/baseA');
      const view = new RunView(files);
      view.look();
      readRecord(files.record);
    },
  },
  'metrics.jsonl': {
    mutate: text(mutateLines),
    read: (folder) => {
      const files = networkFiles(folder, 'split0/baseA');
      new RunView(files).tests();
      readMetrics(files.metrics);
    },
  },
  'failure.json': { mutate: text(mutateJson), read: (folder) => readFailure(only(folder)) },
  'import.json': { mutate: text(mutateJson), read: (folder) => readImportFile(folder) },
  'lock.json': {
    mutate: text(mutateJson),
    read: (folder) => {
      lockOwner(only(folder));
      const attempt = takeLock(only(folder));
      if (attempt.outcome === 'taken') attempt.release();
    },
  },
  'job file': { mutate: text(mutateJson), read: (folder) => readyPart(readJob(only(folder))) },
  checkpoint: {
    mutate: mutateBytes,
    read: (folder) => {
      const path = only(folder);
      readSafetensorsTensor(path, 'conv1.weight');
      readSafetensors(path);
      readCheckpoint(path, checkpointIdentity(path) ?? 'identity');
    },
  },
  store: {
    mutate: (bytes, random) => repairStore(mutateBytes(bytes, random), random),
    read: (folder) => {
      const set = openStore(only(folder));
      for (const part of ['train', 'val', 'test']) {
        const { length } = set[part].labels;
        for (let index = 0; index < Math.min(length, 50); index++) set[part].pixels(index);
      }
    },
  },
  tar: { mutate: mutateBytes, read: (folder) => readImages(only(folder)) },
  zip: { mutate: mutateBytes, read: (folder) => readImages(only(folder)) },
  IDX: { mutate: mutateBytes, read: readImages, folder: true },
  CIFAR: { mutate: mutateBytes, read: readImages, folder: true },
  Parquet: { mutate: mutateBytes, read: readImages, folder: true },
  'MAT-file': {
    mutate: mutateBytes,
    read: (folder) => readMatStructures(readFileSync(only(folder)), 'synsets', 'in'),
  },
  WebDataset: { mutate: mutateBytes, read: readImages, folder: true },
};
