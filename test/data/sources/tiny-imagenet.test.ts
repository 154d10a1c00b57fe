import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveSources } from '../../../src/data/prepare/resolve-source.js';
import {
  type Files,
  jpeg,
  packed,
  type Packed,
  sameData,
  writeFiles,
  writeZip,
} from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-tiny-'));
afterAll(() => rmSync(root, { recursive: true }));

const SYNSETS = ['n02124075', 'n01443537'];
let files: Files;
let expected: Packed;
let serial = 0;

beforeAll(async () => {
  files = { 'wnids.txt': `${SYNSETS.join('\n')}\n`, 'words.txt': 'n01443537\tgoldfish\n' };
  const folders: Files = {};
  let annotations = '';
  for (const [at, synset] of SYNSETS.entries()) {
    files[`train/${synset}/${synset}_boxes.txt`] = 'a box';
    for (const image of [0, 1]) {
      const bytes = await jpeg(2 * at + image);
      files[`train/${synset}/images/${synset}_${image}.JPEG`] = bytes;
      folders[`train/${synset}/${synset}_${image}.JPEG`] = bytes;
    }
  }
  for (const at of [0, 1, 2]) {
    const bytes = await jpeg(30 + at);
    files[`val/images/val_${at}.JPEG`] = bytes;
    folders[`val/${SYNSETS[at % 2]}/val_${at}.JPEG`] = bytes;
    annotations += `val_${at}.JPEG\t${SYNSETS[at % 2]}\t0\t32\t44\t62\n`;
  }
  files['val/val_annotations.txt'] = annotations;
  files['test/images/test_0.JPEG'] = await jpeg(50);
  expected = await packed(writeFiles(fresh(), folders), root);
});

function fresh(): string {
  return join(root, String(serial++));
}

/** The files with some replaced, null: left out. */
function changed(changes: Record<string, Uint8Array | string | null>): Files {
  const entries = Object.entries({ ...files, ...changes });
  return Object.fromEntries(entries.filter(([, bytes]) => bytes !== null)) as Files;
}

function asFolder(changes: Record<string, Uint8Array | string | null> = {}) {
  return Promise.resolve(writeFiles(fresh(), changed(changes)));
}

function asZip(changes: Record<string, Uint8Array | string | null> = {}) {
  const inside = Object.entries(changed(changes)).map(([path, bytes]) => [
    `tiny-imagenet-200/${path}`,
    bytes,
  ]);
  return writeZip(join(fresh(), 'tiny-imagenet-200.zip'), Object.fromEntries(inside) as Files, [
    'tiny-imagenet-200',
    'tiny-imagenet-200/train',
  ]);
}

describe.each([
  ['folder', asFolder],
  ['.zip archive', asZip],
])('Tiny ImageNet as published, as a %s,', (_, make) => {
  test('is the same data as its images in folders', async () => {
    const hidden = {
      '.DS_Store': 'x',
      'val/images/._val_0.JPEG': 'x',
      'val/images/Thumbs.db': 'x',
      [`train/${SYNSETS[0]}/images/._a.JPEG`]: 'x',
    };
    const source = await make(hidden);
    const found = await packed(source, root);
    expect(sameData(found)).toEqual(sameData(expected));
    expect(found.report.skipped).toEqual([]);
    const [opened] = await resolveSources(source, root);
    expect(opened?.recognised).toMatch(/^Tiny ImageNet as published/);
  });

  test('with a list missing says which', async () => {
    for (const list of ['wnids.txt', 'val/val_annotations.txt']) {
      const source = await make({ [list]: null });
      await expect(packed(source, root)).rejects.toThrow(`no ${list}`);
    }
  });

  test('with lists that do not fit says where', async () => {
    const unlabelled = await make({ 'val/images/val_9.JPEG': await jpeg(3) });
    await expect(packed(unlabelled, root)).rejects.toThrow(
      'val_9.JPEG has no class in val/val_annotations.txt',
    );
    const beyond = await make({
      'val/val_annotations.txt':
        'val_0.JPEG\tn00000001\t0\nval_1.JPEG\tn01443537\nval_1.JPEG\tn01443537\n',
    });
    await expect(packed(beyond, root)).rejects.toThrow(
      /val_annotations\.txt:1: found class "n00000001".*\n.*:3: val_1\.JPEG comes twice/,
    );
    const unknown = await make({ 'train/n09999999/images/n09999999_0.JPEG': await jpeg(3) });
    await expect(packed(unknown, root)).rejects.toThrow(
      'train/n09999999/ is not a class of wnids.txt',
    );
  });

  test('with images missing or broken reports them', async () => {
    const { report } = await packed(
      await make({ 'val/images/val_2.JPEG': null, [`train/${SYNSETS[0]}/images/a.JPEG`]: 'text' }),
      root,
    );
    expect(report.images).toEqual({ train: 4, val: 2, test: 0 });
    expect(report.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      `train/${SYNSETS[0]}/a.JPEG: not an image that can be read (it begins with bytes 74657874)`,
      `val/${SYNSETS[0]}/val_2.JPEG: the image is not there, although val/val_annotations.txt has its class`,
    ]);
  });
});

test('a folder half put in order is refused, one put in order is an ordinary folder', async () => {
  const half = await asFolder({ [`val/${SYNSETS[0]}/images/val_0.JPEG`]: 'x' });
  await expect(resolveSources(half, root)).rejects.toThrow(
    'both in val/images/ and in folders of their classes',
  );
  const changes: Record<string, string | null> = {};
  for (const at of [0, 1, 2]) changes[`val/images/val_${at}.JPEG`] = null;
  const [source] = await resolveSources(
    await asFolder({ ...changes, [`val/${SYNSETS[0]}/images/val_0.JPEG`]: 'x' }),
    root,
  );
  expect(source?.recognised).toBe('folders train/<class>/ and val/<class>/');
});

test('a .zip archive that is damaged says so, or which image', async () => {
  const zip = await asZip();
  const whole = readFileSync(zip);
  writeFileSync(zip, whole.subarray(0, whole.length - 40));
  await expect(packed(zip, root)).rejects.toThrow(`${zip}: not a whole .zip archive`);
  const at = whole.indexOf('val/images/val_1.JPEG') + 150;
  whole[at] = whole[at]! ^ 0xff;
  writeFileSync(zip, whole);
  const { report } = await packed(zip, root);
  expect(report.skipped).toEqual([
    expect.objectContaining({
      file: `val/${SYNSETS[1]}/val_1.JPEG`,
      reason: expect.stringContaining('damaged there (its checksum differs)') as string,
    }),
  ]);
  const other = await writeZip(join(fresh(), 'other.zip'), { 'a.txt': 'x' });
  await expect(packed(other, root)).rejects.toThrow('no training images in');
  const half = await writeZip(join(fresh(), 'half.zip'), { 'val/val_annotations.txt': 'x' });
  await expect(packed(half, root)).rejects.toThrow('no wnids.txt in this .zip archive');
});
