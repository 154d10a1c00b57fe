// What does not belong to a data set: named, never a class, never part of its identity; and what
// cannot be followed, which must not vanish.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareBytes } from '../../../src/data/classes/byte-order.js';
import type { PartName } from '../../../src/data/parts.js';
import { imageCollector } from '../../../src/data/sources/image-bytes.js';
import { manifestHash } from '../../../src/data/store/manifest.js';
import { readStoreIndex } from '../../../src/data/store/read-index.js';
import { type Files, jpeg, packed, sameData, tarOf, writeFiles } from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-left-'));
afterAll(() => rmSync(root, { recursive: true }));

let clean: Files;
let junk: Files;
beforeAll(async () => {
  clean = {};
  for (const [at, name] of ['train/a/1', 'train/b/2', 'val/a/3', 'val/b/4'].entries()) {
    clean[`${name}.jpg`] = await jpeg(at);
  }
  const thumb = await jpeg(9);
  junk = {
    'train/@eaDir/1.jpg/thumb.jpg': thumb,
    'train/a/.ipynb_checkpoints/1-checkpoint.jpg': thumb,
    'val/$RECYCLE.BIN/S-1/x.jpg': thumb,
    'val/b/@eaDir/4.jpg/thumb.jpg': thumb,
    '__MACOSX/train/c/5.jpg': thumb,
    'train/a/Thumbs.db': thumb,
    'train/a/notes.txt': 'labels checked',
    'val/a/0.jpg': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 411575033\n',
  };
});

let serial = 0;
function fresh(files: Files): string {
  return writeFiles(join(root, String(serial++)), files);
}

test('folders and archives name what was left behind and are the same data without it', async () => {
  const expected = sameData(await packed(fresh(clean), root));
  const folder = await packed(fresh({ ...clean, ...junk }), root);
  writeFileSync(join(root, 'junk.tar'), await tarOf({ ...clean, ...junk }));
  const tar = await packed(join(root, 'junk.tar'), root);
  expect(sameData(folder)).toEqual(expected);
  expect(sameData(tar)).toEqual(expected);
  const said = (report: { skipped: readonly { file: string; reason: string }[] }) =>
    report.skipped.map(({ file, reason }) => `${file}: ${reason}`).sort();
  const inParts = [
    'train/@eaDir/: a folder left behind by Synology',
    'train/a/.ipynb_checkpoints/: a folder left behind by Jupyter',
    'train/a/Thumbs.db: left behind by Windows',
    'train/a/notes.txt: not an image that can be read (it begins with bytes 6c616265)',
    'val/$RECYCLE.BIN/: a folder left behind by Windows',
    'val/a/0.jpg: a Git LFS pointer, not the image itself: git lfs pull fetches it',
    'val/b/@eaDir/: a folder left behind by Synology',
  ];
  expect(said(folder.report)).toEqual(inParts.sort());
  expect(said(tar.report)).toEqual([...inParts, '__MACOSX/: a folder left behind by macOS'].sort());
});

test('the identity that version 0.1.0 gave is known beside it, from folders and archives', async () => {
  // By the rule of version 0.1.0: the files that were left out have a line each, not decoded.
  const foreign = { 'train/a/Thumbs.db': 'thumbs', 'train/a/notes.txt': 'labels checked' };
  const folder = await packed(fresh({ ...clean, ...foreign }), root);
  writeFileSync(join(root, 'foreign.tar'), await tarOf({ ...clean, ...foreign }));
  const tar = await packed(join(root, 'foreign.tar'), root);
  const lines = Object.entries({ ...clean, ...foreign }).map(([path, bytes]) => {
    const [part = '', className = '', name = ''] = path.split('/');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { part: part as PartName, class: className, name, sha256, skipped: skippedOf(name) };
  });
  const { classes, form, formerHash } = readStoreIndex(folder.report.store).header;
  const sorted = lines.sort((a, b) => compareBytes(pathOf(a), pathOf(b)));
  expect(formerHash).toBe(manifestHash(sorted, classes, form));
  expect(readStoreIndex(tar.report.store).header.formerHash).toBe(formerHash);
});

const skippedOf = (name: string) => (name.endsWith('.jpg') ? null : 'not an image');
const pathOf = (file: { part: string; class: string; name: string }) =>
  `${file.part}/${file.class}/${file.name}`;

test('a class folder that cannot be followed is an error, a file beside the classes is not', async () => {
  const folder = fresh({ ...clean, 'train/labels.csv': '1.jpg,a' });
  symlinkSync('nowhere.csv', join(folder, 'val/labels.csv'));
  await packed(folder, root);
  symlinkSync('.git/annex/objects/none', join(folder, 'train/c'));
  await expect(packed(folder, root)).rejects.toThrow(
    'train/c: a link to nothing (.git/annex/objects/none), wanted the folder of a class',
  );
});

test('names that are not UTF-8 are classes and images too; two that look alike are refused', async () => {
  const folder = fresh(clean);
  const bytes = (path: string) => Buffer.from(`${folder}/${path}`, 'latin1');
  for (const part of ['train', 'val']) {
    mkdirSync(bytes(`${part}/caf\u00e9`));
    writeFileSync(bytes(`${part}/caf\u00e9/\u00e9t\u00e9.jpg`), clean['train/a/1.jpg']!);
  }
  const { classes, report } = await packed(folder, root);
  expect(classes).toEqual(['a', 'b', 'caf\ufffd']);
  expect(report.images).toEqual({ train: 3, val: 3, test: 0 });
  mkdirSync(bytes('train/caf\u00e8'));
  await expect(packed(folder, root)).rejects.toThrow('not UTF-8 and look the same, caf\ufffd');
});

test('a file of many gigabytes that is not an image is not read', async () => {
  const folder = fresh({ ...clean, 'train/a/film.mp4': '\0\0\0\x20ftypisom' });
  truncateSync(join(folder, 'train/a/film.mp4'), 6e9);
  const { report } = await packed(folder, root);
  expect(report.skipped.map(({ reason }) => reason)).toEqual([
    'not an image that can be read (it looks like a video (MP4 or QuickTime))',
  ]);
});

test('a stream that is not an image is refused by its first bytes and not kept', () => {
  const pieces = imageCollector();
  const piece = Buffer.alloc(2 ** 20, 'x');
  let wanted = 0;
  for (let at = 0; at < 40; at++) if (pieces.take(piece)) wanted++;
  // 16 MiB are still hashed: earlier versions counted such files.
  expect(wanted).toBe(15);
  expect(() => pieces.bytes()).toThrow('not an image that can be read');
  const few = imageCollector();
  const texts = ['a'.repeat(100), 'b'.repeat(100), 'c'];
  for (const text of texts) few.take(Buffer.from(text));
  const sha256 = createHash('sha256').update(texts.join('')).digest('hex');
  expect(() => few.bytes()).toThrow(expect.objectContaining({ data: { sha256 } }));
});
