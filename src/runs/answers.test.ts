// Which images a network got right: written and read back, whole and damaged.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunStoreError } from '../base/errors.js';
import { packAnswers, readAnswers, writeAnswers } from './answers.js';
import { madeRecord } from './made-record.cases.js';
import { runFiles } from './files.js';
import { writeRecord } from './record.js';
import { RunView } from './view.js';

const me = 'ab'.repeat(32);
const images = 'cd'.repeat(32);
const labels = Int32Array.of(0, 0, 0, 1, 1, 0, 2, 2, 2, 2);
const right = [1, 0, 1, 1, 0, 0, 1, 0, 1, 1];
const answers = packAnswers(images, labels, right);

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-answers-'));
  path = join(directory, 'answers.bin');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a bit an image, image 0 in the lowest bit of the first byte', () => {
  expect([...answers.bits]).toEqual([0b01001101, 0b11]);
  expect(answers.labels).toEqual([
    { label: 0, images: 3 },
    { label: 1, images: 2 },
    { label: 0, images: 1 },
    { label: 2, images: 4 },
  ]);
});

test('answers are read as they were written, and only by their own run', () => {
  expect(readAnswers(path, me)).toBeNull();
  writeAnswers(path, me, answers);
  expect(readAnswers(path, me)).toEqual(answers);
  expect(readAnswers(path, 'ef'.repeat(32))).toBeNull();
  // 16 + 2 * 32 of head, counts, 4 runs of labels, 2 bytes of bits, the sum.
  expect(readFileSync(path)).toHaveLength(16 + 64 + 8 + 4 * 8 + 2 + 32);
});

test.each<[string, (file: Buffer) => Buffer, string]>([
  ['empty', () => Buffer.alloc(0), 'found something else'],
  ['another file', () => Buffer.alloc(500, 'x'), 'found something else'],
  ['cut off', (file) => file.subarray(0, -1), 'cut off or changed'],
  ['changed in one bit', (file) => Buffer.from(file.map((b, i) => (i === 121 ? b ^ 1 : b))), 'cut'],
])('a file that is %s is refused, with its name and what to do', (_, damage, problem) => {
  writeAnswers(path, me, answers);
  writeFileSync(path, damage(readFileSync(path)));
  try {
    readAnswers(path, me);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(RunStoreError);
    expect((error as RunStoreError).message).toContain(path);
    expect((error as RunStoreError).message).toContain(problem);
    expect((error as RunStoreError).hint).toMatch(/./);
  }
});

test.each([
  ['more labels than images', { ...answers, images: 9 }, 'labels of 10 of 9 images'],
  ['fewer bits than images', { ...answers, bits: Uint8Array.of(1) }, 'does not hold what it says'],
])('a file with %s is refused', (_, wrong, problem) => {
  writeAnswers(path, me, wrong);
  expect(() => readAnswers(path, me)).toThrow(problem);
});

test('a folder in its place is refused', () => {
  mkdirSync(path);
  expect(() => readAnswers(path, me)).toThrow('is a folder');
});

test('a view leaves out what is damaged or of another test, and says so', () => {
  const files = runFiles(directory, '.');
  const view = new RunView(files);
  // A run that is trained again writes its record again.
  const look = (recorded = true): ReturnType<RunView['answers']> => {
    if (recorded) writeRecord(files.record, madeRecord({ identity: me, valImages: 10 }));
    view.look();
    return view.answers();
  };
  writeAnswers(path, me, answers);
  expect(look(false)).toBeNull();
  expect(look()).toEqual(answers);
  expect(view.answersDamage).toBeNull();
  writeFileSync(path, 'rubbish');
  expect(look()).toBeNull();
  expect(view.answersDamage).toContain(path);
  writeAnswers(path, me, packAnswers(images, Int32Array.of(0, 1), [1, 1]));
  expect(look()).toBeNull();
  expect(view.answersDamage).toContain('answers to 2 images, the test had 10');
});
