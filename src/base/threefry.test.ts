import { expect, test } from 'vitest';
import { threefry4x32 } from './threefry.js';

// Known answers published with Random123 (kat_vectors, threefry 4 32 20).
const cases: [number[], number[], number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732],
  ],
];

test.each(cases)('threefry4x32-20 known answer %#', (counter, key, expected) => {
  const out = new Uint32Array(4);
  const [c0, c1, c2, c3] = counter as [number, number, number, number];
  threefry4x32(key as [number, number, number, number], c0, c1, c2, c3, out, 0);
  expect([...out]).toEqual(expected);
});
