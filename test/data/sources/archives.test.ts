// Archives of folders in all their forms: the same data as the folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Files, jpeg, packed, sameData, tarOf, writeFiles, writeZip } from './made-sources.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-archives-'));
afterAll(() => rmSync(root, { recursive: true }));

let files: Files;
let expected: object;
beforeAll(async () => {
  files = {};
  for (const [at, name] of ['train/a/1', 'train/b/d/2', 'val/a/3', 'val/b/4'].entries()) {
    files[`${name}.jpg`] = await jpeg(at);
  }
  expected = sameData(await packed(writeFiles(join(root, 'folder'), files), root));
});

const hasProgram = (name: string) => spawnSync(name, ['--version']).error === undefined;

test.for(['bzip2', 'xz', 'zstd'])('.tar packed by %s', async (program, { skip }) => {
  skip(!hasProgram(program), `there is no program ${program}`);
  const noise = Buffer.from(Array.from({ length: 3e5 }, (_, at) => (at * at * 31) >>> 3));
  const tar = await tarOf({ ...files, 'noise.bin': noise });
  const path = join(root, `${program}.tar.x`);
  writeFileSync(path, execFileSync(program, ['-c'], { input: tar, maxBuffer: 1e8 }));
  expect(sameData(await packed(path, root))).toEqual(expected);
  const cut = join(root, `cut-${program}.tar.x`);
  const whole = readFileSync(path);
  writeFileSync(cut, whole.subarray(0, whole.length / 2));
  await expect(packed(cut, root)).rejects.toThrow(`${cut}: cannot be unpacked to its end`);
  const search = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    await expect(packed(path, root)).rejects.toThrow(`there is no program ${program}`);
  } finally {
    process.env['PATH'] = search;
  }
});

test('.zip, below a folder, with what macOS adds, a damaged image and one that is not', async () => {
  const below = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [`set/${name}`, bytes]),
  );
  const junk = { '__MACOSX/set/train/a/._1.jpg': 'x', 'set/train/a/notes.txt': 'n'.repeat(99) };
  const path = await writeZip(join(root, 'set.zip'), { ...below, ...junk });
  const found = await packed(path, root);
  expect(sameData(found)).toEqual(expected);
  expect(found.report.skipped.map(({ file }) => file)).toEqual(['train/a/notes.txt', '__MACOSX/']);
  const zip = readFileSync(path);
  const at = zip.indexOf(files['train/a/1.jpg'] as Buffer);
  zip[at + 200] = zip[at + 200]! ^ 1;
  writeFileSync(join(root, 'damaged.zip'), zip);
  const { report } = await packed(join(root, 'damaged.zip'), root);
  expect(report.skipped[0]?.reason).toContain('the archive is damaged there');
});

test('words for the parts, also in capital letters; a member that comes twice', async () => {
  const renamed = Object.entries(files).map(
    ([name, bytes]) =>
      [name.replace('train/', 'data/Training/').replace('val/', 'data/VALID/'), bytes] as const,
  );
  writeFileSync(join(root, 'words.tar'), await tarOf(renamed));
  expect(sameData(await packed(join(root, 'words.tar'), root))).toEqual(expected);
  const pairs = Object.entries(files);
  writeFileSync(join(root, 'twice.tar'), await tarOf([...pairs, pairs[0]!]));
  await expect(packed(join(root, 'twice.tar'), root)).rejects.toThrow(
    /train\/a\/1\.jpg comes twice in .*twice\.tar/,
  );
});
