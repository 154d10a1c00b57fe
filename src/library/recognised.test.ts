import { expect, test } from 'vitest';
import { recognisedLines } from './recognised.js';

test('sources of one kind share a line, in the order in which kinds come', () => {
  const sources = [
    { path: '/d/t-0.tar', recognised: 'a shard, taken for train' },
    { path: '/d/v-0.tar', recognised: 'a shard, taken for val' },
    { path: '/d/t-1.tar', recognised: 'a shard, taken for train' },
    { path: '/d/t-2.tar', recognised: 'a shard, taken for train' },
  ];
  expect(recognisedLines(sources)).toEqual([
    '3 of: a shard, taken for train (/d/t-0.tar ... /d/t-2.tar)',
    '/d/v-0.tar: a shard, taken for val',
  ]);
});
