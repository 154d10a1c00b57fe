// `tests:` of a study: further sets that its networks are tested on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dataChoices } from '../study.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';
import { messageOf } from '../../../test/problems.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-tests-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function read(tests: string) {
  writeFileSync(
    path,
    `name: s\nnetwork: tiny32\ndata: {source: own, size: 36, holdOut: 0.2, channels: 3}\n${tests}\n`,
  );
  return readStudy(path);
}

const problems = (tests: string): string => messageOf(() => read(tests));

test('paths start at the study file, what a set does not say the shared data says', () => {
  const study = read(
    'tests: {blurred: {data: blurred}, grey: {data: {source: grey, channels: 1}}}',
  );
  expect(study.tests).toEqual({
    // Nothing is held out of a test set.
    blurred: { source: [join(folder, 'blurred')], size: 36, channels: 3 },
    grey: { source: [join(folder, 'grey')], size: 36, channels: 1 },
  });
  expect(dataChoices(study)).toHaveLength(3);
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('a study without them has none', () => {
  expect(read('')).not.toHaveProperty('tests');
});

test.each([
  ['tests: {}', /found \{\}/],
  ['tests: {"a b": {data: x}}', /tests/],
  ['tests: {blurred: x}', /tests\.blurred: found "x", wanted a map of keys/],
  ['tests: {blurred: {source: x}}', /unknown key of tests\.blurred "source"/],
  [
    'tests: {blurred: {data: {size: 20, source: x}}}',
    /data\.size: found 20, wanted at least the crop/,
  ],
])('%s is refused', (written, message) => {
  expect(problems(written)).toMatch(message);
});
