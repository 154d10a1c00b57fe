// The plan of the benchmark's study, over images that are decoded once.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { meanImage } from '../../src/data/minibatch/mean-image.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import type { ImagePart } from '../../src/data/image-set.js';
import { makeTask } from '../../src/data/classes/task.js';
import { readStudy } from '../../src/study/file/read-study.js';
import { type Plan, planStudy } from '../../src/study/plan/plan.js';
import { factsByChoice } from '../../src/study/plan/splits.js';
import { dataChoices } from '../../src/study/study.js';
import { treatments } from '../../src/study/treatments.js';
import { writtenSchedule } from '../../src/study/plan/canonical.js';

/** Root of the repository; this file runs from build/bench/study. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The study file that is timed. */
export const studyFile = join(root, 'bench/study/study.yaml');

/** Plans the study with `key=value` settings that win over the file. Decodes the images if that was
 *  not done yet. */
export async function preparePlan(settings: readonly string[]): Promise<Plan> {
  const study = readStudy(studyFile, settings);
  const prepared = [];
  for (const choice of dataChoices(study)) {
    const info = await prepareStore({
      source: choice.source,
      baseDirectory: process.cwd(),
      size: choice.size,
    });
    const { path: store, classes, form, manifestHash, counts } = info;
    const facts = { store, classes, form, manifestHash };
    const images = { trainCounts: counts.train, valCounts: counts.val };
    prepared.push([choice, { ...facts, ...images }] as const);
  }
  return planStudy(study, factsByChoice(prepared));
}

/** Writes what bench/peers/torch_study.py reads: pixels and labels of both tasks as plain arrays,
 *  and every network in order of work. */
export async function writePeerInput(plan: Plan, folder: string): Promise<void> {
  const { study, networks } = plan;
  const [first] = networks;
  if (!first) throw new Error('the study has no networks');
  const tasks = new Map(networks.map(({ target, task }) => [target, task]));
  const set = openStore(first.task.store);
  for (const [name, spec] of tasks) {
    const task = makeTask(set, spec.classes, spec.imagesPerClass);
    const directory = join(folder, name);
    mkdirSync(directory, { recursive: true });
    const put = (file: string, data: NodeJS.ArrayBufferView): void =>
      writeFileSync(join(directory, file), data);
    const labels = (all: Int32Array, records: Int32Array): Int32Array =>
      records.map((record) => all[record] as number);
    put('train.u8', pixelsOf(set.train, task.train));
    put('val.u8', pixelsOf(set.val, task.val));
    put('train-labels.i32', labels(task.trainLabels, task.train));
    put('val-labels.i32', labels(task.valLabels, task.val));
    put('mean.f32', await meanImage(set, task));
  }
  const facts = {
    channels: set.form.channels,
    size: set.form.height,
    crop: study.network.input.height,
    inputScale: study.network.input.scale[0],
    mirror: study.mirror,
    schedule: writtenSchedule(first.schedule),
    tasks: [...tasks.keys()],
    networks: networks.map(({ name, n, target, requires, treatment, meanOf, phase }) => ({
      name,
      n,
      target,
      meanOf,
      source: requires,
      frozen: treatments[treatment].frozen === 'first',
      seed: seedOf(name),
      orderSeed: seedOf(`order ${target} ${phase}`),
    })),
  };
  writeFileSync(join(folder, 'study.json'), JSON.stringify(facts));
}

function pixelsOf(part: ImagePart, records: Int32Array): Uint8Array {
  return Buffer.concat([...records].map((record) => part.pixels(record)));
}

function seedOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE();
}
