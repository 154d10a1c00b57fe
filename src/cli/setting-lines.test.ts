// What a dry run says of the settings of a study: each that is set, with who set it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readStudyFile } from '../study/file/read-study.js';
import { planStudy } from '../study/plan/plan.js';
import { settingLines } from './setting-lines.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');
const head = `name: s\nnetwork: glyph28\ntasks: {split: random-halves, seeds: [0]}\n`;
const classes = ['a', 'b', 'c', 'd'];
const facts = {
  ...{ store: 'none', classes, form: { channels: 1, height: 32, width: 32 } as const },
  ...{ manifestHash: 'none', trainCounts: [50, 50, 50, 50], valCounts: [5, 5, 5, 5] },
};

test('a dry run names what is set, with who set it, and nothing else', () => {
  const lines = (solver: string, data = ''): string => {
    writeFileSync(path, `${head}data: {source: glyphs${data}}\nsolver: {${solver}}\n`);
    const { study, setBy } = readStudyFile(path);
    return settingLines(
      planStudy(study, () => facts),
      setBy,
    ).join('\n');
  };
  const usual = lines('');
  expect(usual).not.toMatch(/solver|warm-up|smoothing|norm|copied|no decay|policy/);
  const all = lines(
    'type: adamw, lrPolicy: cosine, warmup: 2epochs, labelSmoothing: 0.1, clipNorm: 1, copiedRate: 0.1, noDecay: norms-and-biases',
  );
  for (const line of [
    /solver +AdamW, beta1 0.9, beta2 0.999, epsilon 1e-8 {2}\(study file\)/,
    /rate policy +cosine, end 0 {2}\(study file\)/,
    /warm-up +2 epochs/,
    /label smoothing +0.1/,
    /gradient norm +at most 1/,
    /copied layers +times 0.1 of the rate/,
    /no decay +all but weights/,
  ]) {
    expect(all).toMatch(line);
  }
  expect(all).not.toMatch(/momentum/);
  const cut = lines('', ', augment: {pad: 4}, std: [64]');
  expect(cut).toMatch(/windows +with 4 black pixels around the image {2}\(study file\)/);
  expect(cut).toMatch(/mean subtracted +the mean of each channel of the source/);
  expect(cut).toMatch(/scale +0.015625 {2}\(study file\)/);
});
