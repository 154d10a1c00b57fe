// Golden plans: plan.json of two examples byte for byte, and the run identities of further studies.
// A change here orphans every user's finished runs: only a change of the numbers themselves
// (numericsVersion) may make one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { glyphSet } from '../../src/data/store/glyph-set.js';
import type { DataFacts } from '../../src/study/plan/data-facts.js';
import { readStudy } from '../../src/study/file/read-study.js';
import { type Plan, planStudy } from '../../src/study/plan/plan.js';
import { writePlanFile } from '../../src/study/store/plan-file.js';
import type { Study } from '../../src/study/study.js';
import { presetStudy, factsFor } from './studies.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

function glyphFacts(): DataFacts {
  const { classes, form, manifestHash, train, val } = glyphSet();
  const counts = (labels: Int32Array): number[] =>
    classes.map((_, index) => labels.filter((label) => label === index).length);
  const [trainCounts, valCounts] = [counts(train.labels), counts(val.labels)];
  return { store: 'glyphs', classes, form, manifestHash, trainCounts, valCounts };
}

function made(classes: readonly string[], size: number): DataFacts {
  return {
    store: '/made/images.store',
    classes,
    form: { channels: 3, height: size, width: size },
    manifestHash: 'd'.repeat(64),
    trainCounts: classes.map(() => 500),
    valCounts: classes.map(() => 50),
  };
}

const synsets = readFileSync(`${root}assets/ilsvrc2012-natural-man-made.txt`, 'utf8')
  .match(/n[0-9]{8}/g)
  ?.sort() as string[];

function planText(plan: Plan): string {
  const directory = mkdtempSync(join(tmpdir(), 'golden-plan-'));
  try {
    writePlanFile(directory, plan, [], {});
    return readFileSync(join(directory, 'plan.json'), 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('the plan of the demo is the same, byte for byte', async () => {
  const study = readStudy(`${root}examples/glyphs-demo.yaml`);
  const plan = planStudy(study, () => glyphFacts());
  await expect(planText(plan)).toMatchFileSnapshot('plans/glyphs-demo.json');
});

test('the plan of the Tiny ImageNet example is the same, byte for byte', async () => {
  const study = readStudy(`${root}examples/tiny-imagenet.yaml`);
  const plan = planStudy(study, () => made(synsets.slice(0, 20), 36));
  await expect(planText(plan)).toMatchFileSnapshot('plans/tiny-imagenet.json');
});

function prototxtStudy(): Study {
  return readStudy(join(root, 'test/golden/prototxt-study.yaml'));
}

test.each([
  [
    'paper-random-halves',
    () =>
      planStudy(readStudy(`${root}examples/paper/random-halves.yaml`), () => made(synsets, 256)),
  ],
  [
    'paper-preserved',
    () => planStudy(readStudy(`${root}examples/paper/preserved.yaml`), () => made(synsets, 256)),
  ],
  [
    'paper-reduced',
    () => planStudy(readStudy(`${root}examples/paper/reduced.yaml`), () => made(synsets, 256)),
  ],
  [
    'alex64',
    () =>
      planStudy(presetStudy('alex64', ['base', 'AnB', 'random', 'warm-restart']), () =>
        factsFor('alex64'),
      ),
  ],
  ['prototxt', () => planStudy(prototxtStudy(), () => made(synsets.slice(0, 20), 28))],
])('the run identities of %s are the same', async (name, plan) => {
  const lines = plan().networks.map((network) => `${network.identity} ${network.name}\n`);
  await expect(lines.join('')).toMatchFileSnapshot(`identities/${name}.txt`);
});
