// Stores of JPEG records that are used where they lie: each image is decoded whenever it is needed.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { neededParts, partNames, type PartName } from '../parts.js';
import { type HashedFile, manifestHash } from './manifest.js';
import { RecordFile } from './record-file.js';
import { recordStarts } from './record-starts.js';
import { readStoreIndex } from './read-index.js';
import type { StoreHeader } from './store-index.js';

const YIELD_EVERY_RECORDS = 100;
const HASH_BYTES = 32;

type Store = ReturnType<typeof readStoreIndex>;

/** The hashes that a data set has once it is decoded. */
interface Hashes {
  readonly manifestHash: string;
  readonly testHash?: string;
}

/** The header of a store of JPEG records with the hashes that its decoded copy has: a study is the
 *  same, and its networks keep their identity, whether it decodes the images once or each time.
 *  That takes one pass over the records, which also compares all of them with their checksums; the
 *  answer is kept in the cache.
 *  @param onProgress records read so far, of how many
 *  @throws DataError naming the first record that is damaged or cannot be read */
export async function streamedStore(
  path: string,
  cache: string,
  onProgress: (records: number, of: number) => void = () => undefined,
): Promise<StoreHeader> {
  const store = readStoreIndex(path);
  const kept = join(cache, 'streams', `${store.sha256}.json`);
  let hashes = knownHashes(kept);
  if (hashes === null) {
    hashes = await hashRecords(path, store, onProgress);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileAtomic(kept, `${JSON.stringify({ store: path, ...hashes })}\n`);
  }
  return { ...store.header, ...hashes };
}

function knownHashes(path: string): Hashes | null {
  try {
    const { manifestHash: hash, testHash } = JSON.parse(readFileSync(path, 'utf8')) as Hashes;
    return { manifestHash: hash, ...(testHash === undefined ? {} : { testHash }) };
  } catch {
    return null; // not there yet
  }
}

async function hashRecords(
  path: string,
  store: Store,
  onProgress: (records: number, of: number) => void,
): Promise<Hashes> {
  const file = new RecordFile(path, store);
  try {
    const { classes, form } = store.header;
    const starts = recordStarts(store);
    const hashes = Buffer.alloc(HASH_BYTES * starts.length);
    let done = 0;
    for (const part of partNames) {
      const { places, records } = store[part];
      for (let image = 0; image < places.length; image++) {
        const record = new Uint8Array(records?.lengths[image] ?? 0);
        file.read(part, image, starts[places[image] as number] as number, record);
        hashes.set(createHash('sha256').update(record).digest(), HASH_BYTES * done++);
        if (done % YIELD_EVERY_RECORDS !== 0) continue;
        onProgress(done, starts.length);
        await yieldToEvents();
      }
    }
    const trained = neededParts.reduce((sum, part) => sum + store[part].places.length, 0);
    const test = hashes.subarray(HASH_BYTES * trained);
    return {
      manifestHash: manifestHash(filesOf(store, neededParts, hashes), classes, form),
      ...(test.length > 0 && {
        testHash: manifestHash(filesOf(store, ['test'], test), classes, form),
      }),
    };
  } finally {
    file.close();
  }
}

/** @param hashes u8 [images,32]: SHA-256 of each record of these parts */
function* filesOf(store: Store, parts: readonly PartName[], hashes: Buffer): Generator<HashedFile> {
  let next = 0;
  for (const part of parts) {
    const { labels, records } = store[part];
    for (let image = 0; image < labels.length; image++) {
      yield {
        part,
        class: store.header.classes[labels[image] as number] as string,
        name: records?.names.at(image) as string,
        sha256: hashes.toString('hex', HASH_BYTES * next, HASH_BYTES * ++next),
        skipped: null,
      };
    }
  }
}
