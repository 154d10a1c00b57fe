import { expect, test } from 'vitest';
import { nextPlace, type Place } from './keys.js';

// Two tables: base only at n = 0, two treatments at n = 1 and 2, a restart at n = 3.
const maps = [
  ['x...', '.xx.', '.x..', '...x'],
  ['x..', '.xx'],
];
const extents = maps.map((rows) => ({ rows: rows.length, columns: rows[0]!.length }));
const has = ({ table, row, column }: Place): boolean => maps[table]?.[row]?.[column] === 'x';
const go = (key: string, table: number, row: number, column: number) => {
  const to = nextPlace(key, { table, row, column }, extents, has);
  return to === null ? null : [to.table, to.row, to.column];
};

test('left and right stay in the row and end at its edges', () => {
  expect(go('ArrowRight', 0, 1, 1)).toEqual([0, 1, 2]);
  expect(go('ArrowRight', 0, 1, 2)).toBeNull();
  expect(go('ArrowLeft', 0, 1, 1)).toBeNull();
});

test('up and down go to the nearest cell of the next row that has one', () => {
  expect(go('ArrowDown', 0, 0, 0)).toEqual([0, 1, 1]);
  expect(go('ArrowDown', 0, 1, 2)).toEqual([0, 2, 1]);
  expect(go('ArrowUp', 0, 3, 3)).toEqual([0, 2, 1]);
});

test('past the edge of a table is the next one', () => {
  expect(go('ArrowDown', 0, 3, 3)).toEqual([1, 0, 0]);
  expect(go('ArrowUp', 1, 0, 0)).toEqual([0, 3, 3]);
  expect(go('ArrowUp', 0, 0, 0)).toBeNull();
  expect(go('ArrowDown', 1, 1, 1)).toBeNull();
  expect(go('PageDown', 0, 1, 1)).toEqual([1, 0, 0]);
});

test('Home and End are the ends of the row; other keys are nobody\u2019s', () => {
  expect(go('End', 0, 1, 1)).toEqual([0, 1, 2]);
  expect(go('Home', 0, 1, 2)).toEqual([0, 1, 1]);
  expect(go('a', 0, 1, 1)).toBeNull();
});

test('every cell can be reached from every other one by arrows alone', () => {
  const all = maps.flatMap((rows, table) =>
    rows.flatMap((text, row) =>
      [...text].flatMap((mark, column) => (mark === 'x' ? [{ table, row, column }] : [])),
    ),
  );
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
  for (const start of all) {
    const seen = new Map([[JSON.stringify(start), start]]);
    for (const place of seen.values()) {
      for (const key of keys) {
        const to = nextPlace(key, place, extents, has);
        if (to !== null) seen.set(JSON.stringify(to), to);
      }
    }
    expect(seen.size).toBe(all.length);
  }
});
