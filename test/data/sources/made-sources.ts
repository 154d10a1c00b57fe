// Data sets that tests of sources make themselves: a few images of two classes in folders, and what
// the same images are elsewhere.
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { packImages } from '../../../src/data/pack/pack-images.js';
import type { PackReport } from '../../../src/data/pack/report.js';
import { openStore } from '../../../src/data/prepare/store.js';

/** Bytes by path. */
export type Files = Record<string, Uint8Array | string>;

/** A JPEG of one colour of its own. */
export async function jpeg(turn: number): Promise<Buffer> {
  const background = { r: (37 * turn) % 256, g: (91 * turn) % 256, b: (151 * turn) % 256 };
  return sharp({ create: { width: 20 + turn, height: 30, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Files): string {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A .tar archive of files in the order given; pairs allow a path to come twice. */
export async function tarOf(files: Files | readonly (readonly [string, Uint8Array | string])[]) {
  const archive = pack();
  const pairs = Array.isArray(files) ? files : Object.entries(files);
  for (const [name, bytes] of pairs as [string, Uint8Array | string][]) {
    archive.entry({ name }, bytes);
  }
  archive.finalize();
  return buffer(archive);
}

/** Writes a .zip archive of files, images not compressed again; `folders` are stored as entries
 *  too. */
export async function writeZip(path: string, files: Files, folders: readonly string[] = []) {
  mkdirSync(dirname(path), { recursive: true });
  const zip = new ZipFile();
  for (const folder of folders) zip.addEmptyDirectory(folder);
  for (const [name, bytes] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(bytes), name, { compress: !name.endsWith('.JPEG') });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** What a packed source says, in a form to be compared. */
export interface Packed {
  readonly classes: readonly string[];
  readonly manifestHash: string;
  readonly train: readonly (readonly [label: number, pixels: string])[];
  readonly val: readonly (readonly [label: number, pixels: string])[];
  readonly report: PackReport;
}

let serial = 0;

/** Packs sources to 8 x 8 pixels and opens the store. */
export async function packed(source: string | readonly string[], root: string): Promise<Packed> {
  const report = await packImages({
    ...{ source: [source].flat(), baseDirectory: root, size: 8, isStrict: false },
    ...{ out: join(root, `packed-${serial++}.store`), resize: 'warp', records: 'raw' },
  });
  const set = openStore(report.store);
  const part = (which: 'train' | 'val') =>
    [...set[which].labels].map((label, at): [number, string] => [
      label,
      Buffer.from(set[which].pixels(at)).toString('base64'),
    ]);
  const { classes, manifestHash } = set;
  return { classes, manifestHash, train: part('train'), val: part('val'), report };
}

/** All of it but where it is and what was reported: equal for equal data. */
export function sameData({ classes, manifestHash, train, val }: Packed) {
  return { classes, manifestHash, train, val };
}
