// `solver.lr` as a list, and `selection:`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ParseError } from '../../base/errors.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-rates-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function read(text: string) {
  writeFileSync(path, `name: s\nnetwork: glyph28\ndata: {source: glyphs}\n${text}\n`);
  return readStudy(path);
}

function problems(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
  return 'none';
}

test('a list is kept in its order, the first is the rate of what others copy', () => {
  const study = read('solver: {lr: [0.01, 0.003, 0.03]}\nseed: 5');
  expect(study.solver).toMatchObject({ lr: 0.01, rates: [0.01, 0.003, 0.03] });
  expect(study.selection).toEqual({ share: 0.1, seed: 5 });
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('one rate keeps nothing aside, unless the study says so', () => {
  for (const lr of ['0.02', '[0.02]']) {
    const study = read(`solver: {lr: ${lr}}`);
    expect(study.solver.lr).toBe(0.02);
    expect(study.solver).not.toHaveProperty('rates');
    expect(study).not.toHaveProperty('selection');
  }
  const study = read('selection: 0.25');
  expect(study.selection).toEqual({ share: 0.25, seed: 0 });
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('a list wins over the rate of a solver file', () => {
  const solver = join(folder, 'solver.prototxt');
  writeFileSync(
    solver,
    'base_lr: 0.5 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.0005 max_iter: 100 type: "SGD"\n',
  );
  const study = read('solver: {prototxt: solver.prototxt, lr: [0.02, 0.2]}');
  expect(study.solver).toMatchObject({ lr: 0.02, rates: [0.02, 0.2] });
  expect(study.solver.length).toEqual({ iterations: 100 });
});

test.each([
  ['solver: {lr: []}', /solver\.lr: found \[\]/],
  ['solver: {lr: [0.1, 0.1]}', /solver\.lr: .*twice|solver\.lr: found/],
  ['solver: {lr: [0.1, 0]}', /solver\.lr\.1: found 0, wanted more than 0/],
  ['solver: {lr: fast}', /solver\.lr: found "fast"/],
  ['selection: 1', /selection: found 1, wanted less than 1/],
  ['solver: {lr: [1, 2]}\ntests: {selection: {data: glyphs}}', /found the name selection/],
  // The largest of the list.
  ['solver: {type: adamw, lr: [0.1, 5, 0.2], weightDecay: 0.3}', /lr times weightDecay 1\.5/],
])('%s is refused', (text, message) => {
  expect(problems(text)).toMatch(message);
});

test('a further set may be called selection where nothing is kept aside', () => {
  expect(problems('tests: {selection: {data: glyphs}}')).toBe('none');
});
