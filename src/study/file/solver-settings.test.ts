// Solver settings of a study file: read, refused, printed and read back, and in identities exactly
// where they change numbers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gangJob } from '../plan/gangs.js';
import { planStudy } from '../plan/plan.js';
import type { Study } from '../study.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';
import { messageOf } from '../../../test/problems.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-solver-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

const head = `name: s\ndata: {source: glyphs}\nnetwork: glyph28\ntasks: {split: random-halves, seeds: [0]}\n`;

function read(solver: string): Study {
  writeFileSync(path, `${head}solver: {${solver}}\n`);
  return readStudy(path);
}

const problemsOf = (solver: string): string => messageOf(() => read(solver));

const classes = ['a', 'b', 'c', 'd'];
const facts = {
  ...{ store: 'none', classes, form: { channels: 1, height: 32, width: 32 } as const },
  ...{ manifestHash: 'none', trainCounts: [50, 50, 50, 50], valCounts: [5, 5, 5, 5] },
};

function planOf(solver: string) {
  return planStudy(read(solver), () => facts);
}

const identities = (solver: string): Record<string, string> =>
  Object.fromEntries(planOf(solver).networks.map(({ name, identity }) => [name, identity]));

test.each<[string, object]>([
  [
    'type: adamw',
    { lr: 0.001, weightDecay: 0.01, adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } },
  ],
  [
    'type: adamw, beta1: 0.8, epsilon: 1e-6',
    { adamw: { beta1: 0.8, beta2: 0.999, epsilon: 1e-6 } },
  ],
  ['nesterov: true', { nesterov: true, momentum: 0.9 }],
  ['lrPolicy: fixed', { steps: { fractions: [] }, gamma: 1 }],
  ['lrPolicy: exp, gamma: 0.99', { policy: { kind: 'exp', gamma: 0.99 } }],
  ['lrPolicy: inv, gamma: 2, power: 0.75', { policy: { kind: 'inv', gamma: 2, power: 0.75 } }],
  ['lrPolicy: poly', { policy: { kind: 'poly', power: 1 } }],
  [
    'lrPolicy: sigmoid, gamma: -0.01, stepSize: 90',
    { policy: { kind: 'sigmoid', gamma: -0.01, stepSize: 90 } },
  ],
  ['lrPolicy: cosine, lrEnd: 0.001', { policy: { kind: 'cosine', end: 0.001 } }],
  ['warmup: 5epochs', { warmup: { epochs: 5 } }],
  ['warmup: 100', { warmup: { iterations: 100 } }],
  ['labelSmoothing: 0.1', { labelSmoothing: 0.1 }],
  ['clipNorm: 35', { clipNorm: 35 }],
  ['noDecay: norms-and-biases', { noDecay: 'norms-and-biases' }],
])('%s is read, printed and in every identity', (solver, wanted) => {
  const study = read(solver);
  expect(study.solver).toMatchObject(wanted);
  const before = identities('');
  const after = identities(solver);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, identity] of Object.entries(after)) expect(identity).not.toBe(before[name]);
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test.each([
  [
    'labelSmoothing: 0, noDecay: nothing, copiedRate: 1, nesterov: false, type: sgd, lrPolicy: step',
  ],
])('%s is what is not said', (solver) => {
  expect(identities(solver)).toEqual(identities(''));
});

test('a rate of copied layers is in the identity of networks that tune them, and in their jobs', () => {
  const before = identities('');
  const plan = planOf('copiedRate: 0.1');
  const changed = plan.networks.filter(({ name, identity }) => identity !== before[name]);
  expect(new Set(changed.map(({ treatment }) => treatment))).toEqual(
    new Set(['BnB+', 'AnB+', 'warm-restart']),
  );
  const engine = {
    ...({ executor: 'reference', precision: 'fp32', exact: true, threads: 1 } as const),
    checkpointEverySeconds: 1,
  };
  const job = gangJob(plan, { name: 'all', networks: plan.networks }, folder, engine);
  const given = job.networks.filter(({ copiedRate }) => copiedRate === 0.1);
  expect(given.map(({ name }) => name)).toEqual(changed.map(({ name }) => name));
});

test.each([
  ['nesterov: true, momentum: 0', 'solver.nesterov: found true, wanted a momentum above 0'],
  ['type: adamw, momentum: 0.9', 'solver.momentum: found 0.9, adamw reads none'],
  ['beta1: 0.9', 'solver.beta1: found 0.9, sgd reads none'],
  ['type: adamw, lr: 20, weightDecay: 0.1', 'found lr times weightDecay 2, wanted less than 1'],
  ['type: adam', 'solver.type: found "adam", wanted'],
  ['lrPolicy: cosine, gamma: 0.1', 'solver.gamma: found 0.1, cosine reads none'],
  ['lrEnd: 0.1', 'solver.lrEnd: found 0.1, step reads none'],
  ['lrPolicy: inv, gamma: 0.1', 'found inv, which wants gamma and power too'],
  ['gamma: 2', 'solver.gamma: found 2, wanted at most 1'],
  ['gamma: 0', 'solver.gamma: found 0, wanted more than 0'],
  ['labelSmoothing: 1', 'solver.labelSmoothing: found 1, wanted less than 1'],
  ['clipNorm: 0', 'solver.clipNorm: found 0, wanted more than 0'],
  ['warmup: 1.5', 'solver.warmup: found 1.5, wanted'],
])('%s is refused', (solver, problem) => {
  expect(problemsOf(solver)).toContain(problem);
});

test('a policy or a type of the extending file withdraws what only others read', () => {
  const parent = 'momentum: 0.8, gamma: 0.5, stepSize: 100';
  writeFileSync(join(folder, 'parent.yaml'), `${head}solver: {${parent}}\n`);
  writeFileSync(path, 'name: t\nextends: parent.yaml\nsolver: {lrPolicy: cosine, type: adamw}\n');
  expect(readStudy(path).solver).toMatchObject({ policy: { kind: 'cosine', end: 0 }, gamma: 1 });
});

test('lengths become iterations of the task', () => {
  const [network] = planOf('warmup: 3epochs, batch: 10, lrPolicy: poly').networks;
  expect(network?.schedule).toMatchObject({ warmup: 30, policy: { kind: 'poly', power: 1 } });
});

test("a solver file's policy, clipping and momentum are taken, unless the study says another", () => {
  const solver = join(folder, 'solver.prototxt');
  writeFileSync(
    solver,
    'base_lr: 0.02 lr_policy: "inv" gamma: 0.0001 power: 0.75 max_iter: 1000 momentum: 0.8 ' +
      'type: "Nesterov" clip_gradients: 35',
  );
  expect(read(`prototxt: ${solver}`).solver).toMatchObject({
    ...{ nesterov: true, clipNorm: 35, momentum: 0.8, length: { iterations: 1000 } },
    policy: { kind: 'inv', gamma: 0.0001, power: 0.75 },
  });
  const stepped = read(`prototxt: ${solver}, stepSize: 100`).solver;
  expect(stepped).toMatchObject({ steps: { every: 100 }, gamma: 0.1 });
  expect(stepped).not.toHaveProperty('policy');
  expect(read(`prototxt: ${solver}, type: adamw`).solver).not.toHaveProperty('nesterov');
});
