// How a study says that training images are cut, and what inputs are divided by.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ParseError } from '../../base/errors.js';
import { planStudy } from '../plan/plan.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-augment-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function read(data: string) {
  writeFileSync(path, `name: s\nnetwork: tiny32\ndata: {source: d, size: 36${data}}\n`);
  return readStudy(path);
}

const classes = ['a', 'b', 'c', 'd'];
const facts = {
  ...{ store: 'none', classes, form: { channels: 3, height: 36, width: 36 } as const },
  ...{ manifestHash: 'none', trainCounts: [50, 50, 50, 50], valCounts: [5, 5, 5, 5] },
};
const identityOf = (data: string) => planStudy(read(data), () => facts).networks[0]?.identity;

test.each([
  [', augment: {pad: 4}', { kind: 'pad', pixels: 4 }],
  [', augment: resized-crop', { kind: 'resized-crop', area: [0.08, 1], aspect: [3 / 4, 4 / 3] }],
  [', augment: {area: [0.5, 1]}', { kind: 'resized-crop', area: [0.5, 1], aspect: [3 / 4, 4 / 3] }],
])('%s is read, printed and in the identity', (data, augment) => {
  const study = read(data);
  expect(study.augment).toEqual(augment);
  expect(identityOf(data)).not.toBe(identityOf(''));
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('window is what is not said', () => {
  expect(identityOf(', augment: window')).toBe(identityOf(''));
});

test('means and deviations are the input of the network', () => {
  const data = ', mean: [120, 110, 100], std: [64, 50, 40]';
  const study = read(data);
  expect(study.network.input).toMatchObject({
    ...{ mean: [120, 110, 100], scale: [1 / 64, 1 / 50, 1 / 40] },
  });
  expect(identityOf(data)).not.toBe(identityOf(', mean: [120, 110, 100]'));
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test.each([
  [', augment: {pad: 0}', 'data.augment.pad: found 0, wanted at least 1'],
  [', augment: mirror', 'data.augment: found "mirror", wanted one of window, resized-crop'],
  [
    ', augment: {area: [0.9, 0.1]}',
    'data.augment.area: found [0.9, 0.1], wanted the smaller first',
  ],
  [', augment: {area: [0.9]}', 'data.augment.area'],
  [', std: [1, 2]', 'data.std: found 2 numbers, wanted 1 or 3'],
  [', std: [0.229]', 'found 0.229, wanted at least 1'],
])('%s is refused', (data, problem) => {
  let message = 'none';
  try {
    read(data);
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
    message = (error as ParseError).message;
  }
  expect(message).toContain(problem);
});
