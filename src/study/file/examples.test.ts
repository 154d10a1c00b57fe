// Every study file of examples/ reads; those of the paper plan what the paper trained, and more, on
// ILSVRC2012's classes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { planStudy } from '../plan/plan.js';
import { readStudy } from './read-study.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const synsets = readFileSync(`${root}assets/ilsvrc2012-natural-man-made.txt`, 'utf8')
  .match(/n[0-9]{8}/g)
  ?.sort() as string[];
const ilsvrc12 = {
  store: 'none',
  classes: synsets,
  form: { channels: 3, height: 256, width: 256 },
  manifestHash: 'none',
  trainCounts: synsets.map(() => 1300),
  valCounts: synsets.map(() => 50),
};

const files = globSync('examples/**/*.yaml', { cwd: root }).filter(
  // Parts that others extend.
  (path) => !/\/(common|small)\.yaml$/.test(path),
);

test.each(files)('%s reads', (path) => {
  const study = readStudy(root + path);
  expect(study.treatments).toContain('base');
  const folder = /paper\/tiny\//.test(path) ? 'tiny-' : /paper\//.test(path) ? 'paper-' : '';
  if (folder !== '') expect(`${folder}${path.split('/').at(-1)}`).toBe(`${study.name}.yaml`);
});

test.each([
  ['random-halves', 4 * (2 + 7 * 8 + 2)],
  ['natural-man-made', 2 + 7 * 4],
  ['whole', 1],
  ['random-features', 1 + 7],
  ['reduced', 12],
  ['preserved', 4 * (2 + 7 * 8 + 6 * 4)],
  ['figure3', 4 * (2 + 7 * 4) + (2 + 7 * 4) + (1 + 7)],
])('the paper’s %s has %i networks', (name, networks) => {
  const study = readStudy(`${root}examples/paper/${name}.yaml`);
  const plan = planStudy(study, () => ilsvrc12);
  expect(plan.networks).toHaveLength(networks);
  expect(plan.weightLayers).toBe(8);
  const iterations = name === 'reduced' ? 200_000 : 450_000;
  for (const { schedule } of plan.networks)
    expect(schedule).toMatchObject({ iterations, batch: 256 });
  expect(study.network.layers.at(-1)).toMatchObject({ outputs: 1000 });
});
