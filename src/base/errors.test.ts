import { expect, test } from 'vitest';
import { ParseError } from './errors.js';

test('issues stand file by file, in the order of their places; those of a whole file first', () => {
  const at = (file: string, line?: number, column?: number) => ({
    ...{ file, message: 'm' },
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  });
  const found = [at('b', 10, 2), at('a', 9), at('b', 10, 1), at('b', 9, 7), at('a'), at('b')];
  const { issues, message } = new ParseError(found);
  expect(message.split('\n')).toEqual([
    ...['b: m', 'b:9:7: m', 'b:10:1: m', 'b:10:2: m'],
    ...['a: m', 'a:9: m'],
  ]);
  expect(issues).toHaveLength(found.length);
});
