// Plans of studies whose networks are trained at several learning rates.
import { expect, test } from 'vitest';
import type { Study } from '../study.js';
import { demoPlan, demoStudy, letterFacts } from './demo-plan.cases.js';
import { divideIntoGangs, type Engine, gangJob } from './gangs.js';
import { planStudy } from './plan.js';

const rates = [0.01, 0.003, 0.03];
const selection = { share: 0.1, seed: 0 };
const several: Partial<Study> = { solver: { ...demoStudy.solver, rates }, selection };
const few: Partial<Study> = {
  treatments: ['base', 'BnB', 'AnB+', 'AnB>', 'warm-restart'],
  layers: [3],
};
const engine: Engine = {
  ...{ executor: 'reference', precision: 'fp32', exact: false },
  ...{ threads: 1, checkpointEverySeconds: 60 },
};

test('every network is there once a rate, and copies the base of the first', () => {
  const { networks } = demoPlan({ ...several, ...few });
  const ofB = networks.filter(({ split, target }) => split === 'split0' && target === 'B');
  expect(ofB.map(({ shortName, requires }) => `${shortName} ${requires ?? '-'}`)).toEqual([
    ...['baseB -', 'baseB@0.003 -', 'baseB@0.03 -'],
    ...['B3B split0/baseB', 'B3B@0.003 split0/baseB', 'B3B@0.03 split0/baseB'],
    ...['A3B split0/baseA', 'A3B@0.003 split0/baseA', 'A3B@0.03 split0/baseA'],
    ...['A3B+ split0/baseA', 'A3B+@0.003 split0/baseA', 'A3B+@0.03 split0/baseA'],
    ...['B6B+ split0/baseB', 'B6B+@0.003 split0/baseB', 'B6B+@0.03 split0/baseB'],
    // What goes on from a network goes on from that of its own rate.
    ...['A3B> split0/A3B', 'A3B>@0.003 split0/A3B@0.003', 'A3B>@0.03 split0/A3B@0.03'],
  ]);
  for (const { rate, schedule } of networks) expect(schedule.learningRate).toBe(rate ?? 0.01);
});

test('a network is the same network in a study of its rate alone', () => {
  const all = demoPlan({ ...several, ...few }).networks;
  const solver = { ...demoStudy.solver, lr: 0.003 };
  const alone = demoPlan({ ...few, solver, selection }).networks;
  const own = (name: string) => alone.find((each) => each.name === name)?.identity;
  expect(all.find(({ name }) => name === 'split0/baseB@0.003')?.identity).toBe(own('split0/baseB'));
  // What it copies is of another rate there.
  expect(all.find(({ name }) => name === 'split0/A3B+@0.003')?.identity).not.toBe(
    own('split0/A3B+'),
  );
  const ids = all.map(({ identity }) => identity);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a rate that is added at the end changes no other network, nor does a selection without', () => {
  const identities = (change: Partial<Study>) =>
    new Map(demoPlan({ ...few, ...change }).networks.map(({ name, identity }) => [name, identity]));
  const all = identities(several);
  const fewer = identities({ ...several, solver: { ...demoStudy.solver, rates: [0.01, 0.003] } });
  const one = identities({ selection });
  for (const [name, identity] of [...fewer, ...one]) expect(all.get(name)).toBe(identity);
  const plain = identities({});
  for (const [name, identity] of plain) expect(all.get(name)).not.toBe(identity);
});

test('all rates of a split, target and phase are one gang with one schedule and one stream each', () => {
  const plan = demoPlan({ ...several, ...few });
  // A part of the gang, a further rate first.
  const networks = [...plan.networks].reverse();
  const limits = { memoryBytes: Infinity, networks: 100 };
  const gangs = divideIntoGangs(plan, networks, limits);
  expect(gangs.filter(({ name }) => name.startsWith('split0/B')).map((gang) => gang.name)).toEqual([
    'split0/B/base',
    'split0/B/transfer',
    'split0/B/continued',
  ]);
  for (const gang of gangs) {
    const job = gangJob(plan, gang, '/study', engine);
    expect(job.schedule.learningRate).toBe(0.01);
    for (const [at, network] of job.networks.entries()) {
      expect(network.learningRate).toBe(gang.networks[at]?.rate);
      const first = job.networks.find(({ name }) => name === network.name.replace(/@.*/, ''));
      expect(network.initStream).toEqual(first?.initStream);
      expect(network.dropoutStream).toEqual(first?.dropoutStream);
    }
  }
});

test('what is kept aside is of no training, and is what networks are tested on', () => {
  const plan = demoPlan({ ...several, ...few });
  const [gang] = divideIntoGangs(plan, plan.networks, { memoryBytes: Infinity, networks: 100 });
  const job = gangJob(plan, gang as NonNullable<typeof gang>, '/study', engine);
  const { target, means, tests } = job.input;
  expect(target.selection).toEqual(selection);
  for (const mean of Object.values(means)) expect(mean.selection).toEqual(selection);
  expect(tests?.['selection']).toMatchObject({ task: target, part: 'selection', images: 13 * 10 });
  // 13 classes of 90 images, 100 a batch, 2 epochs.
  expect(job.schedule.iterations).toBe(2 * 12);
  for (const network of plan.networks) {
    expect([network.trainImages, network.valImages]).toEqual([13 * 90, 13 * 40]);
  }
});

test('targets of their own size keep aside a part of what they have', () => {
  const { networks } = demoPlan({ ...several, ...few, targetImagesPerClass: [20, null] });
  const small = networks.find(({ name }) => name === 'split0-k0020/A3B+@0.03');
  expect(small).toMatchObject({ trainImages: 13 * 18, requires: 'split0/baseA' });
  expect(small?.task).toMatchObject({ imagesPerClass: 20, selection });
  // The mean image is of the source's images.
  expect(small?.meanTask).toMatchObject({ imagesPerClass: null, selection });
  expect(small?.tests?.['selection']).toMatchObject({ images: 13 * 2 });
});

test('classes of one image each leave nothing to choose by', () => {
  expect(() => demoPlan({ ...several, imagesPerClass: [1] })).toThrow(
    /selection: no class has two training images/,
  );
});

test('bases that are only copied, and bases that are read, are there once', () => {
  const one = demoPlan({ ...several, ...few, targets: ['B'] }).networks;
  const bases = one.filter(({ treatment, split }) => treatment === 'base' && split === 'split0');
  expect(bases.map(({ shortName }) => shortName)).toEqual([
    ...['baseA', 'baseB', 'baseB@0.003', 'baseB@0.03'],
  ]);
  const read = { file: '/a.onnx', weights: 'w', classes: 13, hasSeen: [] };
  const study = { ...demoStudy, ...several, ...few, targets: ['B'], bases: { A: read } };
  const { networks } = planStudy(study, () => letterFacts);
  const read0 = networks.filter(({ split, target }) => split === 'split0' && target === 'A');
  expect(read0.map(({ shortName }) => shortName)).toEqual(['baseA']);
  expect(read0[0]?.tests).toBeUndefined();
});

test('further bases are trained at every rate too', () => {
  const { networks } = demoPlan({ ...several, treatments: ['base'], basesPerTarget: 2 });
  const ofB = networks.filter(({ split, target }) => split === 'split0' && target === 'B');
  expect(ofB.map(({ shortName, phase }) => `${shortName} ${phase}`)).toEqual([
    ...['baseB base', 'baseB-2 base-2', 'baseB@0.003 base', 'baseB-2@0.003 base-2'],
    ...['baseB@0.03 base', 'baseB-2@0.03 base-2'],
  ]);
});
