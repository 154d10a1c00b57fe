// Stores of made-up pixels, for measurements to which the pictures do not matter.
import { crc32 } from 'node:zlib';
import { fillUint32, streamKey } from '../src/base/random-stream.js';
import { type PartIndex, type RecordTable, total } from '../src/data/store/store-index.js';
import { square } from '../src/data/image-form.js';
import { cacheWriter } from '../src/data/prepare/cache-writer.js';
import { byPart } from '../src/data/parts.js';

/** What to make. */
export interface MadeStore {
  readonly path: string;
  readonly size: number;
  readonly classes: number;
  readonly train: number;
  readonly val: number;
}

const CHANNELS = 3 as const;

/** Writes a packed store of raw records with file names and checksums, classes in turn of equal
 *  size. Pixels are noise of 64 kinds. */
export function writeMadeStore({ path, size, classes, train, val }: MadeStore): void {
  const bytes = CHANNELS * size * size;
  const noise = new Uint32Array(Math.ceil(bytes / 4) + 64);
  fillUint32(noise, streamKey(['made store']), 0);
  const writer = cacheWriter(path);
  const all = Buffer.from(noise.buffer);
  const checksums = Array.from({ length: 64 }, (_, kind) =>
    crc32(all.subarray(4 * kind, 4 * kind + bytes)),
  );
  for (let place = 0; place < train + val; place++) {
    const kind = place % 64;
    writer.room(bytes).set(all.subarray(4 * kind, 4 * kind + bytes));
  }
  const part = (first: number, count: number, name: string): PartIndex => {
    const places = Uint32Array.from({ length: count }, (_, at) => first + at);
    const labels = Int32Array.from(places, (_, at) => Math.floor((at * classes) / count));
    const records: RecordTable = {
      crc32: places.map((place) => checksums[place % 64] as number),
      lengths: new Uint32Array(count).fill(bytes),
      names: {
        count,
        at: (image) => `${name}_${String(first + image).padStart(8, '0')}.JPEG`,
      },
    };
    return { labels, places, records };
  };
  const parts = {
    train: part(0, train, 'n01440764'),
    val: part(train, val, 'ILSVRC2012_val'),
    test: part(train + val, 0, ''),
  };
  const counts = (labels: Int32Array): number[] => {
    const found = new Array<number>(classes).fill(0);
    for (const label of labels) found[label] = (found[label] as number) + 1;
    return found;
  };
  const header = {
    classes: Array.from({ length: classes }, (_, at) => `n${String(at).padStart(8, '0')}`),
    counts: byPart((name) => counts(parts[name].labels)),
    form: { channels: CHANNELS, ...square(size) },
    manifestHash: `made ${total([train, val, size])}`,
    ...{ skipped: [], sources: ['made'] },
    packed: { records: 'raw' as const, resize: 'warp' as const, key: 'made', remarks: [] },
  };
  writer.finish({ header, ...parts });
}
