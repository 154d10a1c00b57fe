// Stores of JPEG records that are used where they lie: each image is decoded whenever it is needed.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { type DecodedFile, manifestHash } from './manifest.js';
import { RecordFile } from './record-file.js';
import { recordStarts } from './record-starts.js';
import { readStoreIndex, type StoreHeader } from './store-file.js';

const YIELD_EVERY_RECORDS = 100;
const HASH_BYTES = 32;

type HashedFile = Pick<DecodedFile, 'part' | 'class' | 'name' | 'sha256' | 'skipped'>;

/** The header of a store of JPEG records with the manifest hash that its decoded copy has: a study
 *  is the same, and its networks keep their identity, whether it decodes the images once or each
 *  time. That takes one pass over the records, which also compares all of them with their
 *  checksums; the answer is kept in the cache.
 *  @param onProgress records read so far, of how many
 *  @throws DataError naming the first record that is damaged or cannot be read */
export async function streamedStore(
  path: string,
  cache: string,
  onProgress: (records: number, of: number) => void = () => undefined,
): Promise<StoreHeader> {
  const store = readStoreIndex(path);
  const kept = join(cache, 'streams', `${store.sha256}.json`);
  let hash = knownHash(kept);
  if (hash === null) {
    hash = await hashRecords(path, store, onProgress);
    mkdirSync(dirname(kept), { recursive: true });
    writeFileAtomic(kept, `${JSON.stringify({ store: path, manifestHash: hash })}\n`);
  }
  return { ...store.header, manifestHash: hash };
}

function knownHash(path: string): string | null {
  try {
    const { manifestHash: hash } = JSON.parse(readFileSync(path, 'utf8')) as StoreHeader;
    return hash;
  } catch {
    return null; // not there yet
  }
}

async function hashRecords(
  path: string,
  store: ReturnType<typeof readStoreIndex>,
  onProgress: (records: number, of: number) => void,
): Promise<string> {
  const file = new RecordFile(path, store);
  try {
    const { classes, channels, size } = store.header;
    const starts = recordStarts([store.train, store.val]);
    const hashes = Buffer.alloc(HASH_BYTES * starts.length);
    let done = 0;
    for (const part of ['train', 'val'] as const) {
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
    return manifestHash(filesOf(store, hashes), classes, { channels, size });
  } finally {
    file.close();
  }
}

function* filesOf(store: ReturnType<typeof readStoreIndex>, hashes: Buffer): Generator<HashedFile> {
  let next = 0;
  for (const part of ['train', 'val'] as const) {
    const { labels, records } = store[part];
    for (let image = 0; image < labels.length; image++) {
      const className = store.header.classes[labels[image] as number] as string;
      const sha256 = hashes.toString('hex', HASH_BYTES * next, HASH_BYTES * ++next);
      yield {
        part,
        class: className,
        name: records?.names[image] as string,
        sha256,
        skipped: null,
      };
    }
  }
}
