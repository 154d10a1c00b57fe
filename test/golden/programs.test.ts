// Golden programs: every preset's base and its gang of all copying treatments, as text. A
// refactoring changes no byte of them; `npm run golden:update` writes them anew, and its diff is
// then read line by line.
import { expect, test } from 'vitest';
import { type PresetName, presets } from '../../src/net/presets/table.js';
import { printProgram } from '../../src/program/print.js';
import type { TreatmentKind } from '../../src/study/treatments.js';
import { buildGangPrograms } from '../../src/train/gang-program.js';
import { factsFor, goldenJob, presetStudy } from './studies.js';

const names = Object.keys(presets) as PresetName[];
const copying: readonly TreatmentKind[] = ['base', 'BnB', 'BnB+', 'AnB', 'AnB+'];
const others: readonly TreatmentKind[] = [
  ...(['random', 'warm-restart', 'BnB-p1', 'BnB-p2', 'AnB-p1', 'AnB-p2'] as const),
];

const cases = [
  ...names.flatMap((preset) => [
    { preset, gang: 'base', treatments: copying, file: `${preset}.base` },
    { preset, gang: 'transfer', treatments: copying, file: `${preset}.gang` },
  ]),
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
