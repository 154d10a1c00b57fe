// Folders and archives as people have them: the same images, however their folders are named and
// nested, are the same data set.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareStore } from '../../src/data/prepare/store.js';
import type { ImageSource } from '../../src/data/source.js';
import { type Files, jpeg, tarOf, writeFiles } from './sources/made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-arranged-'));
afterAll(() => rmSync(root, { recursive: true }));

let usual: Files;
let usualHash: string;
beforeAll(async () => {
  usual = {};
  const names = ['train/a/1.jpg', 'train/a/2.jpg', 'train/b/3.jpg', 'val/a/4.jpg', 'val/b/5.jpg'];
  for (const [at, name] of names.entries()) usual[name] = await jpeg(at);
  usual['test/a/6.jpg'] = await jpeg(6);
  usualHash = (await prepared(folder(usual))).manifestHash;
});

let serial = 0;
function folder(files: Files): string {
  return writeFiles(join(root, `folder-${serial++}`), files);
}

async function tar(files: Files): Promise<string> {
  const path = join(root, `archive-${serial++}.tar`);
  writeFileSync(path, await tarOf(files));
  return path;
}

async function prepared(source: string) {
  const sources: ImageSource[] = [];
  const info = await prepareStore({
    ...{ source, baseDirectory: root, size: 8, cache: join(root, `cache-${serial++}`) },
    onSources: (found) => sources.push(...found),
  });
  return { ...info, recognised: sources.map((each) => each.recognised).join() };
}

/** The usual files with their parts' folders renamed. */
function renamed(parts: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(
    Object.entries(usual).map(([name, bytes]) => {
      const [part = '', ...rest] = name.split('/');
      return [[parts[part] ?? part, ...rest].join('/'), bytes];
    }),
  );
}

describe.each([
  ['a folder', (files: Files) => Promise.resolve(folder(files))],
  ['an archive', tar],
])('%s', (kind, make) => {
  test.each([
    [{ train: 'training', val: 'validation', test: 'testing' }],
    [{ train: 'Train', val: 'Valid', test: 'Test' }],
    [{ train: 'my photos/train', val: 'my photos/valid', test: 'my photos/test' }],
    [{ train: 'train/images', val: 'val/images', test: 'test/images' }],
    [{ train: 'seg_train/seg_train', val: 'seg_val/seg_val', test: 'seg_test/seg_test' }],
    [{ train: 'data/v1/training', val: 'data/v1/dev', test: 'data/v1/eval' }],
  ])('with parts %o is the same data set', async (parts) => {
    const info = await prepared(await make(renamed(parts)));
    expect(info.manifestHash).toBe(usualHash);
    expect(info.counts).toEqual({ train: [2, 1], val: [1, 1], test: [1, 0] });
    // Archives are read to their end only where the first image does not tell.
    if (kind === 'an archive') return;
    for (const name of Object.values(parts)) expect(info.recognised).toContain(`${name}/<class>/`);
  });

  test('with classes first is the same data set', async () => {
    const turned = Object.fromEntries(
      Object.entries(usual).map(([name, bytes]) => {
        const [part, className, rest] = name.split('/');
        return [`${className}/${part}/${rest}`, bytes];
      }),
    );
    const info = await prepared(await make(turned));
    expect(info.manifestHash).toBe(usualHash);
    expect(info.recognised).toContain('<class>/train/, <class>/val/ and <class>/test/');
  });

  test('of classes alone says how to get validation images', async () => {
    const files = Object.fromEntries(
      Object.entries(usual).flatMap(([name, bytes]) =>
        name.startsWith('train/') ? [[name.slice(6), bytes]] : [],
      ),
    );
    await expect(prepared(await make(files))).rejects.toMatchObject({
      message: expect.stringMatching(/no validation images/),
      hint: expect.stringMatching(/data: \{holdOut: 0.2\}/),
    });
  });

  test('with training and test images only does not take the test images', async () => {
    const files = Object.fromEntries(
      Object.entries(usual).filter(([name]) => !name.startsWith('val/')),
    );
    await expect(prepared(await make(files))).rejects.toMatchObject({
      message: expect.stringMatching(/no validation images.*1 test image/),
      hint: expect.stringMatching(/rename.*to val/),
    });
  });
});
