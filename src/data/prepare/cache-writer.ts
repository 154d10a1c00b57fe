// A store that is decoded into the cache: nothing to resume, and several processes may write the
// same one at once, each into a temporary file of its own. A process that is killed leaves only
// that file.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ownerTag, standingOf, taggedOwner, thisProcess } from '../../base/process-owner.js';
import type { FileSink } from '../pack/pack-files.js';
import { guardWrites, RecordWriter, type StorePlace } from '../store/record-writer.js';
import type { StoreIndex } from '../store/store-index.js';

/** What to do about a cache that cannot be written. */
export const CACHE_HINT =
  'Decoded images go to the cache directory; SELFFER_CACHE_DIR names another one.';

/** A store of the cache, being written. Call `finish` or `discard` at the end. */
export interface CacheWriter extends FileSink {
  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  finish(index: StoreIndex): void;
  /** Gives up: nothing stays on disk. */
  discard(): void;
}

/** Creates folder and temporary file, and removes those that dead processes left behind.
 *  @throws DataError if it cannot */
export function cacheWriter(path: string): CacheWriter {
  const us = thisProcess();
  const tag = `${us.host}.${ownerTag(us)}.${randomBytes(4).toString('hex')}`;
  const place: StorePlace = {
    path,
    temporary: `${path}.${tag}.tmp`,
    hint: CACHE_HINT,
  };
  guardWrites(place, () => {
    mkdirSync(dirname(path), { recursive: true });
    removeAbandoned(path);
  });
  const records = new RecordWriter(place);
  return {
    resumed: [],
    get storeBytes() {
      return records.storeBytes;
    },
    room: (length) => records.room(length),
    append: () => undefined,
    finish: (index) => {
      records.finish(index);
      records.close();
    },
    discard: () => records.discard(),
  };
}

/** Removes temporary files of `path` whose process, on this machine, has ended. */
export function removeAbandoned(path: string): void {
  const { host } = thisProcess();
  const start = `${basename(path)}.${host}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(start) || !name.endsWith('.tmp')) continue;
    const owner = taggedOwner(name.slice(start.length).split('.')[0] ?? '', host);
    // A name that no version wrote is nobody's.
    if (owner !== null && standingOf(owner) !== 'gone') continue;
    rmSync(join(dirname(path), name), { force: true });
  }
}
