import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Candidate, divide } from './divide.js';
import { heldOf } from './held-out.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Words that differ in about half of their bits for different texts. */
function hashOf(text: string): number[] {
  const bytes = createHash('sha256').update(text).digest();
  return [0, 4, 8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
}

function image(className: string, text: string, look = text): Candidate {
  return {
    ...{ class: className, sha256: sha256(text) },
    look: { hash: hashOf(look), isJudged: true },
  };
}
const many = (className: string, count: number) =>
  Array.from({ length: count }, (_, at) => image(className, `${className} ${at}`));
const held = (all: readonly Candidate[], share = 0.2, seed = 0) =>
  divide(all, { share, seed }).held.map((index) => all[index] as Candidate);
const perClass = (all: readonly Candidate[]) =>
  ['a', 'b', 'c'].map((name) => all.filter((each) => each.class === name).length);

test('each class gives its share, rounded, at least one image and never all', () => {
  const all = [...many('a', 100), ...many('b', 13), ...many('c', 2)];
  expect(perClass(held(all))).toEqual([20, 3, 1]);
  expect(perClass(held(all, 0.001))).toEqual([1, 1, 1]);
  expect(perClass(held(all, 0.999))).toEqual([99, 12, 1]);
  expect(held(many('a', 1))).toEqual([]);
});

test('the draw is that of the seed, whatever the order', () => {
  const all = [...many('a', 40), ...many('b', 40)];
  const sums = (images: readonly Candidate[]) => images.map((each) => each.sha256).sort();
  expect(sums(held(all.toReversed()))).toEqual(sums(held(all)));
  expect(sums(held(all, 0.2, 1))).not.toEqual(sums(held(all)));
});

test('one image more moves one at most', () => {
  const before = held(many('a', 100)).map((each) => each.sha256);
  const after = held([...many('a', 100), image('a', 'another')]).map((each) => each.sha256);
  expect(before.filter((each) => !after.includes(each)).length).toBeLessThanOrEqual(1);
});

test('equal images and near copies stay together, also across classes', () => {
  for (let seed = 0; seed < 30; seed++) {
    const all = [
      ...many('a', 20),
      ...many('b', 20),
      image('a', 'burst 1', 'burst'),
      image('a', 'burst 2', 'burst'),
      image('b', 'burst 3', 'burst'),
      { ...image('a', 'same'), look: { hash: [0, 0, 0, 0, 0, 0], isJudged: false } },
      { ...image('b', 'same'), look: { hash: [0, 0, 0, 0, 0, 0], isJudged: false } },
    ];
    const division = divide(all, { share: 0.5, seed });
    const sides = (from: number, to: number) =>
      new Set([...all.keys()].slice(from, to).map((index) => division.held.includes(index)));
    expect(sides(40, 43).size).toBe(1);
    expect(sides(43, 45).size).toBe(1);
    expect(division.together).toBe(5);
    expect(division.alike).toEqual([]);
  }
});

test('a class of images that all look alike is divided all the same, and named', () => {
  const alike = Array.from({ length: 10 }, (_, at) => image('b', `b ${at}`, 'icon'));
  const all = [...many('a', 10), ...alike];
  const division = divide(all, { share: 0.3, seed: 0 });
  expect(division.alike).toEqual(['b']);
  expect(perClass(division.held.map((index) => all[index] as Candidate))).toEqual([3, 3, 0]);
});

test('of a class without images nothing is held out', () => {
  expect([0, 1, 2, 5, 10].map((count) => heldOf(count, 0.2))).toEqual([0, 0, 1, 1, 2]);
});
