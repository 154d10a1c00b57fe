import { expect, test } from 'vitest';
import { offeredPaths, pathInArchive, type TarLink } from './tar-links.js';

/** Links as `name -> target`, both from the archive's top. */
function offered(...links: string[]) {
  const made = links.map((text): TarLink => {
    const [path = '', target = ''] = text.split(' -> ');
    return { path, target, written: target };
  });
  return Object.fromEntries(offeredPaths(made));
}

test('paths are taken from the link’s folder or the top, and never leave the archive', () => {
  expect(pathInArchive('./train//a/0.jpg')).toBe('train/a/0.jpg');
  expect(pathInArchive('../b/1.jpg', 'train/a')).toBe('train/b/1.jpg');
  expect(pathInArchive('/abs/x')).toBe('abs/x');
  expect(pathInArchive('/abs/x', 'train/a')).toBe('abs/x');
  expect(pathInArchive('../../../x', 'train/a')).toBeNull();
});

test('links to links are followed to the end, also through linked folders', () => {
  expect(offered('b/1 -> b/2', 'b/2 -> a/0')).toEqual({ 'a/0': ['b/1', 'b/2'] });
  expect(offered('b -> c', 'd -> b/0')).toEqual({ c: ['b'], 'c/0': ['d'] });
});

test('links inside a linked folder are offered there too', () => {
  expect(offered('whole -> a', 'a/again -> a/0')).toEqual({
    a: ['whole'],
    'a/0': ['whole/again', 'a/again'],
  });
});

test('circles, links to themselves and links back up offer nothing', () => {
  expect(offered('a -> b', 'b -> a')).toEqual({});
  expect(offered('a -> a')).toEqual({});
  expect(offered('train/a/up -> train', 'train/a/here -> train/a')).toEqual({});
  // Two folders that link to each other: one step into the other, and no further.
  expect(offered('a/x -> b', 'b/y -> a')).toEqual({ b: ['a/x'], a: ['b/y'] });
});
