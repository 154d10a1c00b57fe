// YAML that grows, loops or overflows is refused at once, with what was written.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readStudy } from './read-study.js';
import { messageOf } from '../../../test/problems.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function problemsOf(text: string): string {
  writeFileSync(path, `name: s\ndata: {source: glyphs}\nnetwork: glyph28\n${text}\n`);
  return messageOf(() => readStudy(path)).replaceAll(path, 'study');
}

const bomb = [
  'a0: &a0 [1, 1]',
  ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
];
const wide = `x: &x [${'1, '.repeat(2000)}1]\ny: [${'*x, '.repeat(90)}1]`;

test.each<[string, string, string]>([
  ['aliases that double', bomb.join('\n'), 'found more than 50000 keys and items'],
  ['aliases of a long list', wide, 'found more than 50000 keys and items'],
  [
    'an alias without an anchor',
    'seed: *nothing',
    'study:4:7: found *nothing, no &nothing before it',
  ],
  ['an alias inside its own anchor', 'layers: &all [*all]', 'found *all inside of &all'],
  ['thousands of levels', `layers: ${'['.repeat(20_000)}`, 'study'],
  ['thousands of closed levels', `layers: ${'['.repeat(9000)}${']'.repeat(9000)}`, 'study'],
  ['a range without end', 'layers: 1..999999999', 'layers: found 1..999999999, glyph28 can be cut'],
  ['a range of numbers beyond all', `layers: 1..${'9'.repeat(400)}`, 'layers: found 1..999'],
  ['infinity', 'solver: {lr: .inf}', 'solver.lr: found .inf, wanted a number'],
  ['no number', 'solver: {lr: .nan}', 'solver.lr: found .nan, wanted a number'],
  ['a number that overflows', 'repeats: 1e999', 'repeats: found 1e999, wanted a whole number'],
  [
    'a number that is rounded',
    'seed: 9007199254740993',
    'seed: found 9007199254740993, wanted at most',
  ],
  ['a number in other digits', 'solver: {batch: -0x10}', 'found "-0x10", wanted a whole number'],
  ['far too many repeats', 'repeats: 1e9', 'repeats: found 1e9, wanted at most 10000'],
  ['a long word', `statistic: ${'x'.repeat(100_000)}`, 'xxx..., wanted one of final, top10'],
  ['a key that comes twice', 'seed: 1\nseed: 2', 'study:5:1: found the key "seed" twice'],
  [
    'thousands of keys',
    Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'),
    '20000 problems of 1 kind',
  ],
  ['hundreds of lists in lists', `layers:\n  ${'- '.repeat(300)}1`, 'more than 200 levels'],
  ['another type by its tag', 'seed: !!binary aGVsbG8=', 'seed: found "aGVsbG8=", wanted a whole'],
])('%s', (_, text, problem) => {
  expect(problemsOf(text)).toContain(problem);
});

test('aliases that stand for few parts are taken', () => {
  expect(problemsOf('solver: &s {lr: 0.1}\nlayers: &l [1, 2]\ntreatments: [base]')).toBe('none');
  writeFileSync(
    path,
    'name: s\nnetwork: glyph28\ndata: {source: glyphs}\nrepeats: &two 2\nlayers: [1, *two]\n',
  );
  expect(readStudy(path)).toMatchObject({ repeats: 2, layers: [1, 2] });
});

test('a file that is far too large is not read', () => {
  writeFileSync(path, `name: s\n${'# a comment\n'.repeat(100_000)}`);
  expect(() => readStudy(path)).toThrow('found a file of 1200008 bytes, wanted a study');
});

test('many problems begin with how many there are of each kind', () => {
  const message = problemsOf(Array.from({ length: 30 }, (_, i) => `wrong${i}: ${i}`).join('\n'));
  const [first, second, third] = message.split('\n');
  expect(first).toBe('30 problems of 1 kind:');
  expect(second).toMatch(/^ {2}30 times, first \(line 4\): found unknown key "wrong0"/);
  expect(third).toBe('All of them:');
  expect(message.split('\n')).toHaveLength(33);
});
