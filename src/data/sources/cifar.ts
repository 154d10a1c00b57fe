// CIFAR-10 and CIFAR-100 in their binary version, as published (.tar.gz) or unpacked: records of a
// label (CIFAR-100: coarse, then fine) and u8 [3,32,32] pixels. Described at
// https://www.cs.toronto.edu/~kriz/cifar.html.
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import type { ImageSource, SourceEntry } from '../source.js';
import type { PixelForm } from '../image-form.js';
import { neededParts, type PartName } from '../parts.js';
import { byteStream, firstBytes, fixedRecords, readText } from './byte-stream.js';
import { namesByLine } from './class-names.js';
import { tarMembers } from './tar-members.js';

const PIXELS: PixelForm = { channels: 3, height: 32, width: 32 };
const PIXEL_BYTES = 3 * 32 * 32;

interface Layout {
  readonly title: string;
  /** Folder at the top of the published archive. */
  readonly folder: string;
  /** That of the version for Python, which is not read. */
  readonly pythonFolder: string;
  /** Class names, one a line. */
  readonly names: string;
  readonly files: Readonly<Record<string, PartName>>;
  /** Bytes before the pixels; the last one is the label. */
  readonly labelBytes: number;
}

const LAYOUTS: readonly Layout[] = [
  {
    title: 'CIFAR-10',
    folder: 'cifar-10-batches-bin',
    pythonFolder: 'cifar-10-batches-py',
    names: 'batches.meta.txt',
    files: {
      'data_batch_1.bin': 'train',
      'data_batch_2.bin': 'train',
      'data_batch_3.bin': 'train',
      'data_batch_4.bin': 'train',
      'data_batch_5.bin': 'train',
      'test_batch.bin': 'val',
    },
    labelBytes: 1,
  },
  {
    title: 'CIFAR-100',
    folder: 'cifar-100-binary',
    pythonFolder: 'cifar-100-python',
    names: 'fine_label_names.txt',
    files: { 'train.bin': 'train', 'test.bin': 'val' },
    labelBytes: 2,
  },
];

/** One file of records, being read. */
interface Batch {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Where a layout's files are: a folder or an archive. */
interface Container {
  readonly files: readonly (readonly [name: string, bytes: number, timeMs: number])[];
  names(): Promise<string | null>;
  batches(onBytes: (bytes: number) => void): AsyncIterable<Batch>;
}

/** Opens CIFAR-10 or CIFAR-100, a folder or an archive; null if `path` is neither. The test images
 *  become `val`; CIFAR-100's classes are the fine ones.
 *  @throws DataError if it is the version for Python */
export function cifarSource(path: string): ImageSource | null {
  const isFolder = statSync(path).isDirectory();
  // The name of an archive's first entry stands at its start.
  const first = isFolder ? basename(path) : firstBytes(path, 100).toString('latin1');
  for (const layout of LAYOUTS) {
    if (first.includes(layout.pythonFolder)) refusePython(path, layout);
    const isOurs = isFolder ? holds(path, layout) : first.includes(layout.folder);
    if (isOurs) return opened(path, layout, isFolder ? inFolder(path, layout) : inArchive(path));
  }
  return null;
}

// A single name says nothing ("test.bin" may be anybody's): wanted are the class names and a batch
// of whole records, or two such batches.
function holds(folder: string, { names, files, labelBytes }: Layout): boolean {
  const recordBytes = labelBytes + PIXEL_BYTES;
  const batches = Object.keys(files).filter((file) => {
    const stats = statSync(join(folder, file), { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size > 0 && stats.size % recordBytes === 0;
  });
  return batches.length > (existsSync(join(folder, names)) ? 0 : 1);
}

function refusePython(path: string, { title, folder }: Layout): never {
  throw new DataError(`${path}: the version of ${title} for Python cannot be read`, {
    hint: `Take the binary version, ${folder.replace('-batches-bin', '-binary')}.tar.gz, from the same page.`,
  });
}

function opened(path: string, layout: Layout, container: Container): ImageSource {
  return {
    path,
    recognised: `${layout.title}, binary version`,
    bytes: container.files.reduce((sum, [, bytes]) => sum + bytes, 0),
    fingerprint: [layout.title, container.files],
    listing: null,
    entries: (onBytes) => cifarEntries(path, layout, container, onBytes),
  };
}

function inFolder(path: string, { names, files }: Layout): Container {
  const found = [names, ...Object.keys(files)].filter((name) => existsSync(join(path, name)));
  return {
    files: found.map((name) => identity(join(path, name))),
    names: () => Promise.resolve(found.includes(names) ? readText(join(path, names)) : null),
    async *batches(onBytes) {
      for (const name of found) yield { name, chunks: byteStream(join(path, name), onBytes) };
    },
  };
}

function inArchive(path: string): Container {
  return {
    files: [identity(path)],
    // The names may stand after the images: a pass of its own.
    async names() {
      for await (const { name, contents } of tarMembers(path)) {
        if (!LAYOUTS.some((layout) => layout.names === basename(name))) continue;
        return (await contents()).toString();
      }
      return null;
    },
    async *batches(onBytes) {
      for await (const { name, chunks } of tarMembers(path, onBytes)) {
        yield { name: basename(name), chunks: chunks() };
      }
    },
  };
}

function identity(path: string): [name: string, bytes: number, timeMs: number] {
  const { size, mtimeMs } = statSync(path);
  return [basename(path), size, mtimeMs];
}

async function* cifarEntries(
  path: string,
  layout: Layout,
  container: Container,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const text = await container.names();
  const missing = new Set(Object.keys(layout.files));
  if (text === null) refuseMissing(path, layout, [layout.names]);
  const classes = namesByLine(text, join(path, layout.names));
  for (const part of neededParts) {
    for (const name of classes) yield { kind: 'class', part, class: name };
  }
  for await (const { name, chunks } of container.batches(onBytes)) {
    const part = layout.files[name];
    if (part === undefined) continue;
    missing.delete(name);
    const who = join(path, name);
    let index = 0;
    for await (const record of fixedRecords(chunks, layout.labelBytes + PIXEL_BYTES, who)) {
      yield {
        kind: 'file',
        part,
        class: className(record, layout, classes, who, index),
        name: `${basename(name, '.bin')}/${String(index).padStart(5, '0')}`,
        origin: path,
        pixels: PIXELS,
        read: () => Promise.resolve(record.subarray(layout.labelBytes)),
      };
      index++;
    }
  }
  if (missing.size > 0) refuseMissing(path, layout, [...missing]);
}

function className(
  record: Uint8Array,
  { labelBytes }: Layout,
  classes: readonly string[],
  who: string,
  index: number,
): string {
  const label = record[labelBytes - 1] as number;
  const name = classes[label];
  if (name !== undefined) return name;
  throw new DataError(
    `${who}: record ${index} has label ${label}, wanted 0 to ${classes.length - 1}`,
    { hint: 'The file is damaged or not of this data set: fetch it again.' },
  );
}

function refuseMissing(path: string, { title }: Layout, missing: readonly string[]): never {
  throw new DataError(`${path}: ${title} without ${missing.join(', ')}`, {
    hint: 'Fetch or unpack the data set again: all of its files are needed.',
  });
}
