import { expect, test } from 'vitest';
import { compareHash, networkHash, parseRoute, studyHash } from './routes.js';

test('addresses that the page makes lead where they say', () => {
  const id = 'my study/2 #ü%';
  const name = 'split0/A3B+@0.03';
  expect(parseRoute(studyHash(id))).toEqual({ page: 'study', id, tab: 'plan', networks: [] });
  expect(parseRoute(studyHash(id, 'curves', [name, 'b&c']))).toEqual({
    ...{ page: 'study', id, tab: 'curves', networks: [name, 'b&c'] },
  });
  expect(parseRoute(networkHash(id, name))).toEqual({ page: 'network', id, name });
  expect(parseRoute(compareHash(id, 'b'))).toEqual({ page: 'compare', ids: [id, 'b'] });
});

test('addresses that somebody typed never throw', () => {
  for (const hash of ['', '#', '#/']) expect(parseRoute(hash)).toEqual({ page: 'home' });
  for (const hash of ['#/study', '#/compare/a', '#/study/a/nowhere', '#/x', '#%']) {
    expect(parseRoute(hash).page).toBe('unknown');
  }
  expect(parseRoute('#/study/%E0%A4%A')).toMatchObject({ page: 'study', id: '%E0%A4%A' });
});
