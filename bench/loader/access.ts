// How a record of a store too large for memory is best got at: positioned reads against a memory
// mapping, from the file cache and from the disk. Every way ends with the record's bytes in one
// private buffer or view; cutting the window is the same for all.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import koffi from 'koffi';
import { square } from '../../src/data/image-form.js';
import { copyCrop } from '../../src/data/minibatch/crop.js';
import { forgetFile } from '../file-cache.js';

/** Images a second of one way. */
export interface AccessResult {
  readonly way: string;
  readonly cache: 'warm' | 'cold';
  readonly imagesPerSecond: number;
}

const CHANNELS = 3;
const CHUNK = 2 ** 30;
const [PROT_READ, MAP_SHARED] = [1, 1];

type Get = (start: number) => { readonly bytes: Uint8Array; readonly at: number };

/** Ways to `recordBytes` at a byte of the file. */
function ways(file: number, fileBytes: number, size: number): Record<string, () => Get> {
  const plane = size * size;
  const recordBytes = CHANNELS * plane;
  const reused = new Uint8Array(recordBytes);
  return {
    'one read, reused buffer': () => (start) => {
      readSync(file, reused, 0, recordBytes, start);
      return { bytes: reused, at: 0 };
    },
    'one read, fresh array': () => (start) => {
      const bytes = new Uint8Array(recordBytes);
      readSync(file, bytes, 0, recordBytes, start);
      return { bytes, at: 0 };
    },
    'a read a plane': () => (start) => {
      for (let at = 0; at < recordBytes; at += plane) readSync(file, reused, at, plane, start + at);
      return { bytes: reused, at: 0 };
    },
    mapping: () => mapped(file, fileBytes),
  };
}

const libc = koffi.load('libc.so.6');
const mmap = libc.func('void* mmap(void*, size_t, int, int, int, int64)');
const munmap = libc.func('int munmap(void*, size_t)');
let addresses: { readonly address: unknown; readonly length: number }[] = [];

// Node 20 has no views of 4 GiB and more, so in overlapping pieces.
function mapped(file: number, fileBytes: number): Get {
  const views: Uint8Array[] = [];
  for (let start = 0; start < fileBytes; start += CHUNK) {
    const length = Math.min(CHUNK + 2 ** 20, fileBytes - start);
    const address: unknown = mmap(null, length, PROT_READ, MAP_SHARED, file, start);
    addresses.push({ address, length });
    views.push(new Uint8Array(koffi.view(address, length)));
  }
  return (start) => {
    const piece = Math.floor(start / CHUNK);
    return { bytes: views[piece] as Uint8Array, at: start - piece * CHUNK };
  };
}

// Pages that are mapped cannot be forgotten.
function unmap(): void {
  for (const { address, length } of addresses) munmap(address, length);
  addresses = [];
}

/** One round of every way over random records, each cut to a window of `crop`. */
export function measureAccess(
  path: string,
  recordsAt: number,
  size: number,
  crop: number,
  images: { readonly warm: number; readonly cold: number },
): AccessResult[] {
  const file = openSync(path, 'r');
  const recordBytes = CHANNELS * size * size;
  const { size: fileBytes } = statSync(path);
  const records = Math.floor((fileBytes - recordsAt) / recordBytes) - 8;
  const out = new Uint8Array(CHANNELS * crop * crop);
  const [form, window] = [{ channels: CHANNELS, ...square(size) }, square(crop)];
  const results: AccessResult[] = [];
  for (const cache of ['cold', 'warm'] as const) {
    for (const [way, make] of Object.entries(ways(file, fileBytes, size))) {
      if (cache === 'cold' && !forgetFile(path)) continue;
      const get = make();
      const run = (count: number): number => {
        const started = performance.now();
        for (let image = 0; image < count; image++) {
          const record = Math.floor(Math.random() * records);
          const { bytes, at } = get(recordsAt + record * recordBytes);
          const view = at === 0 ? bytes : bytes.subarray(at, at + recordBytes);
          const [top, left, isMirrored] = [image % 8, image % 5, image % 2 === 1];
          copyCrop({ pixels: view, form, top, left, window, isMirrored, out, at: 0 });
        }
        return (1000 * count) / (performance.now() - started);
      };
      if (cache === 'warm') run(images.warm >> 1);
      results.push({ way, cache, imagesPerSecond: run(images[cache]) });
      unmap();
    }
  }
  closeSync(file);
  return results;
}
