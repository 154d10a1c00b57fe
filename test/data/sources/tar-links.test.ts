// Entries of archives that have no bytes of their own, and headers that cannot be right.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Files, jpeg, packed, sameData, tarOf, writeFiles } from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-tar-links-'));
afterAll(() => rmSync(root, { recursive: true }));

let images: Buffer[];
beforeAll(async () => {
  images = await Promise.all([0, 1, 2, 3].map((at) => jpeg(at)));
});

type Link = readonly [name: string, type: 'link' | 'symlink', target: string];

let serial = 0;
/** An archive of links, then files, then more links. */
async function archive(first: readonly Link[], files: Files, last: readonly Link[] = []) {
  const made = pack();
  const add = (links: readonly Link[]) => {
    for (const [name, type, linkname] of links) made.entry({ name, type, linkname });
  };
  add(first);
  for (const [name, bytes] of Object.entries(files)) made.entry({ name }, Buffer.from(bytes));
  add(last);
  made.finalize();
  const path = join(root, `${serial++}.tar`);
  writeFileSync(path, await buffer(made));
  return path;
}

function plain(): Files {
  const [a, b, c, d] = images as [Buffer, Buffer, Buffer, Buffer];
  return { 'train/a/0.jpg': a, 'train/b/0.jpg': b, 'val/a/0.jpg': c, 'val/b/0.jpg': d };
}

test('links have the bytes of the file they lead to, before or after them, as in folders', async () => {
  const path = await archive(
    [['train/b/early.jpg', 'symlink', '../a/0.jpg']],
    Object.fromEntries(Object.entries(plain()).map(([name, bytes]) => [`./${name}`, bytes])),
    [
      ['./train/b/hard.jpg', 'link', './train/a/0.jpg'],
      ['train/b/twice.jpg', 'symlink', 'hard.jpg'],
      ['train/c', 'symlink', 'a'],
      ['val/c', 'symlink', '/val/a/'],
      // Leads to a folder above the parts: the same images at the same places, not twice.
      ['again', 'symlink', '.'],
      ['train/b/0.jpg', 'link', 'train/b/0.jpg'],
    ],
  );
  const [a] = images as [Buffer];
  const expected = await packed(
    writeFiles(join(root, String(serial++)), {
      ...plain(),
      'train/b/early.jpg': a,
      'train/b/hard.jpg': a,
      'train/b/twice.jpg': a,
      'train/c/0.jpg': a,
      'val/c/0.jpg': images[2]!,
    }),
    root,
  );
  expect(sameData(await packed(path, root))).toEqual(sameData(expected));
});

test('links that lead out of the archive are listed, and a class that is one does not vanish', async () => {
  const { report } = await packed(
    await archive([], plain(), [
      ['train/a/gone.jpg', 'symlink', '../../../elsewhere/1.jpg'],
      ['train/a/lost.jpg', 'link', 'train/a/9.jpg'],
      ['train/c', 'symlink', '/data/c'],
      ['train/labels.csv', 'symlink', '/data/labels.csv'],
    ]),
    root,
  );
  expect(report.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
    'train/a/gone.jpg: a link to ../../../elsewhere/1.jpg, which is not in the archive',
    'train/a/lost.jpg: a link to train/a/9.jpg, which is not in the archive',
    'train/c/: a link to /data/c, which is not in the archive',
  ]);
  expect(report.classes).toBe(3);
  expect(report.emptyClasses.train).toEqual(['c']);
});

/** The header of the first member, changed, its checksum made right. */
function withHeader(tar: Buffer, change: (header: Buffer) => void): Buffer {
  const header = tar.subarray(0, 512);
  change(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return tar;
}

test('a size field that is no number ends with an error that names the member', async () => {
  const path = join(root, 'size.tar');
  writeFileSync(
    path,
    withHeader(await tarOf(plain()), (header) => (header[124] = 0xb0)),
  );
  await expect(packed(path, root)).rejects.toThrow(
    'not a whole .tar or .tar.gz archive (the size field of train/a/0.jpg is damaged)',
  );
});

test('tar V7, whose headers have no word for their format, is read', async () => {
  const tar = await tarOf(plain());
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const member = tar.subarray(at);
    withHeader(member, (header) => header.fill(0, 257, 265));
    at += 512 * (1 + Math.ceil(parseInt(member.toString('latin1', 124, 135), 8) / 512));
  }
  const path = join(root, 'v7.tar');
  writeFileSync(path, tar);
  const expected = await packed(writeFiles(join(root, 'v7'), plain()), root);
  expect(sameData(await packed(path, root))).toEqual(sameData(expected));
});

test('a sparse file is listed; names that are not UTF-8 are kept apart or refused', async () => {
  const sparse = withHeader(await tarOf({ 'train/a/s.jpg': 'x', ...plain() }), (header) => {
    header[156] = 'S'.charCodeAt(0);
  });
  writeFileSync(join(root, 'sparse.tar'), sparse);
  const { report } = await packed(join(root, 'sparse.tar'), root);
  expect(report.skipped.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^stored as a sparse file/),
  ]);
  const latin = (...names: string[]) =>
    Promise.all(
      names.map(async (name) => {
        const tar = await tarOf({ 'train/ab/0.jpg': images[0]! });
        return withHeader(tar, (header) => header.write(name, 6, 'latin1')).subarray(0, -1024);
      }),
    );
  writeFileSync(join(root, 'latin.tar'), Buffer.concat(await latin('a\u00e9', 'ab')));
  expect((await packed(join(root, 'latin.tar'), root)).classes).toEqual(['ab', 'a\ufffd']);
  writeFileSync(join(root, 'same.tar'), Buffer.concat(await latin('a\u00e9', 'a\u00e8')));
  await expect(packed(join(root, 'same.tar'), root)).rejects.toThrow(
    'two names that are not UTF-8 and look the same, train/a\ufffd',
  );
});
