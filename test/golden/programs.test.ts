// Golden programs: the base of each preset that is small enough to be read as text, and for chains
// its gang of all copying treatments (those of residual networks are megabytes). A
// refactoring changes no byte of them; `npm run golden:update` writes them anew, and its diff is
// then read line by line.
import { expect, test } from 'vitest';
import type { PresetName } from '../../src/net/presets/table.js';
import { printProgram } from '../../src/program/print.js';
import type { TreatmentKind } from '../../src/study/treatments.js';
import { buildGangPrograms } from '../../src/train/gang-program.js';
import { factsFor, goldenJob, presetStudy } from './studies.js';

const chains: readonly PresetName[] = ['glyph28', 'tiny32', 'alex64', 'caffenet'];
const graphs: readonly PresetName[] = ['resnet20', 'vit-tiny32', 'mobilenet-v2'];
const copying: readonly TreatmentKind[] = ['base', 'BnB', 'BnB+', 'AnB', 'AnB+'];
const others: readonly TreatmentKind[] = [
  ...(['random', 'warm-restart', 'BnB-p1', 'BnB-p2', 'AnB-p1', 'AnB-p2'] as const),
];

const cases = [
  ...[...chains, ...graphs].map((preset) => ({
    ...{ preset, gang: 'base', treatments: copying, file: `${preset}.base` },
  })),
  ...chains.map((preset) => ({
    ...{ preset, gang: 'transfer', treatments: copying, file: `${preset}.gang` },
  })),
  { preset: 'glyph28', gang: 'transfer', treatments: others, file: 'glyph28.other-treatments' },
] as const;

test.each(cases)('$file trains by the same program', async ({ preset, gang, treatments, file }) => {
  const job = goldenJob(preset, presetStudy(preset, treatments), `split0/B/${gang}`);
  const wanted =
    gang === 'base' ? 1 : treatments === copying ? 4 * (preset === 'glyph28' ? 5 : 7) : 24;
  expect(job.networks).toHaveLength(wanted);
  const { train, test } = buildGangPrograms(job, factsFor(preset).form);
  await expect(printProgram(train)).toMatchFileSnapshot(`programs/${file}.train.txt`);
  await expect(printProgram(test)).toMatchFileSnapshot(`programs/${file}.test.txt`);
});
