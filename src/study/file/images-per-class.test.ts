// `imagesPerClass:` of a study: one number, a list, or sizes of targets.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';
import { messageOf } from '../../../test/problems.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-images-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function read(text: string) {
  writeFileSync(path, `name: s\nnetwork: glyph28\ndata: {source: glyphs}\n${text}\n`);
  return readStudy(path);
}

const problems = (text: string): string => messageOf(() => read(text));

test.each([
  ['{source: all, target: [all, 30, 4, 100]}', [null], [4, 30, 100, null]],
  ['{target: [30]}', [null], [30]],
  ['{source: 50, target: [50, 10]}', [50], [10, 50]],
])('sizes of targets are read in order: %s', (written, imagesPerClass, targetImagesPerClass) => {
  const study = read(`imagesPerClass: ${written}`);
  expect(study).toMatchObject({ imagesPerClass, targetImagesPerClass });
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('a study that says nothing of targets has no sizes of them', () => {
  for (const text of ['', 'imagesPerClass: 7', 'imagesPerClass: all']) {
    expect(read(text)).not.toHaveProperty('targetImagesPerClass');
  }
});

test.each([
  ['{source: [10, 20], target: [5]}', /imagesPerClass\.source: found \[10,20\], wanted all or/],
  ['{source: all}', /imagesPerClass.*target/],
  ['{target: []}', /imagesPerClass\.target: found \[\], wanted at least 1 item/],
  ['{target: [5, 5]}', /imagesPerClass\.target: found \[5,5\], wanted no item twice/],
  [
    '{target: [0]}',
    /imagesPerClass\.target\.0: found 0, wanted all or a whole number of at least 1/,
  ],
  ['{target: 5}', /imagesPerClass\.target: found 5, wanted a list/],
  ['{target: [5], targets: 3}', /found unknown key of imagesPerClass "targets"/],
])('%s is refused', (written, message) => {
  expect(problems(`imagesPerClass: ${written}`)).toMatch(message);
  expect(problems(`imagesPerClass: ${written}`)).toMatch(/study\.yaml:4/);
});

test('the whole set has no target to be smaller than its source', () => {
  expect(problems('tasks: {split: whole}\nimagesPerClass: {target: [5]}')).toMatch(
    /5:.*nothing is copied to it; wanted one number, all, or a list/,
  );
});
