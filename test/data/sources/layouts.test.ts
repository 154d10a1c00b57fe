import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resolveSources } from '../../../src/data/prepare/resolve-source.js';
import { type Files, jpeg, packed, sameData, tarOf, writeFiles } from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-layouts-'));
afterAll(() => rmSync(root, { recursive: true }));

let serial = 0;
function fresh(files: Files): string {
  return writeFiles(join(root, String(serial++)), files);
}

const plain: Files = { 'train/b/1.png': 'x', 'train/a/deep/2.png': 'xy', 'val/a/3.png': 'z' };

describe('the identity of a source that was known before', () => {
  test('is, for a folder, paths, sizes and times in byte order', async () => {
    const folder = fresh({ ...plain, 'train/.hidden/4.png': 'h', 'val/notes.txt': 'n' });
    const [source, ...others] = await resolveSources(folder, root);
    expect(others).toEqual([]);
    const time = (path: string) => statSync(join(folder, path)).mtimeMs;
    expect(source?.fingerprint).toEqual([
      ['train/a/', 0, 0],
      ['train/a/deep/2.png', 2, time('train/a/deep/2.png')],
      ['train/b/', 0, 0],
      ['train/b/1.png', 1, time('train/b/1.png')],
      ['val/a/', 0, 0],
      ['val/a/3.png', 1, time('val/a/3.png')],
    ]);
    expect(source).toMatchObject({ path: folder, bytes: 4 });
  });

  test('is, for an archive of folders, its size and time', async () => {
    // An image and a class beside it do not make it a shard: it has been an archive of folders.
    for (const files of [plain, { 'x/train/a/1.jpg': 'x', 'x/train/a/1.cls': '0' }]) {
      const path = join(fresh({ 'train.tar': await tarOf(files) }), 'train.tar');
      const [source] = await resolveSources(path, root);
      const { size, mtimeMs } = statSync(path);
      expect(source).toMatchObject({
        path,
        bytes: size,
        fingerprint: [size, mtimeMs],
        listing: null,
      });
      expect(source?.recognised).toBe('an archive of folders train/<class>/ and val/<class>/');
    }
  });
});

test('what is nothing of the kind is told what would be', async () => {
  const open = resolveSources('nowhere', root);
  await expect(open).rejects.toThrow(`data source "nowhere": nothing there, looked in ${root}`);
  const hint = await open.catch((error: unknown) => (error as { hint: string }).hint);
  for (const kind of [
    'glyphs',
    'train/<class>/',
    'ILSVRC2012',
    'WebDataset',
    'tiny-imagenet-200',
    'selffer data pack',
  ]) {
    expect(hint).toContain(kind);
  }
  const pipe = join(fresh({}), 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(resolveSources(pipe, root)).rejects.toThrow('is neither a file nor a folder');
});

test('what looks like two things at once is an error that names both', async () => {
  const folder = fresh({
    ...{
      'wnids.txt': 'n1',
      'val/images/val_0.JPEG': 'x',
      'val/val_annotations.txt': 'val_0.JPEG\tn1',
    },
    ...{ 'ILSVRC2012_img_val.tar': 'x' },
  });
  await expect(resolveSources(folder, root)).rejects.toThrow(
    /looks like several things at once:\n {2}ILSVRC2012 as published.*: ILSVRC2012_img_val\.tar\n {2}the folder tiny-imagenet-200.*: wnids\.txt, val\/val_annotations\.txt, val\/images\//,
  );
});

test('a folder of archives is its archives; with class folders beside them it is those', async () => {
  const images: Files = {};
  for (const [at, path] of [
    'train/a/1.jpg',
    'train/b/2.jpg',
    'val/a/3.jpg',
    'val/b/4.jpg',
  ].entries()) {
    images[path] = await jpeg(at);
  }
  const part = (name: string) => Object.entries(images).filter(([path]) => path.startsWith(name));
  const archives = {
    'one.tar': await tarOf(Object.fromEntries(part('train'))),
    'two.tar': await tarOf(Object.fromEntries(part('val'))),
  };
  const expected = sameData(await packed(fresh(images), root));
  expect(sameData(await packed(fresh(archives), root))).toEqual(expected);
  const both = fresh({ ...images, ...archives });
  expect(sameData(await packed(both, root))).toEqual(expected);
  expect(await resolveSources(both, root)).toHaveLength(1);
});
