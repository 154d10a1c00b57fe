// Where images are decoded to: the first process that decodes a source keeps what it has done for
// the next one, should it be interrupted; others that come meanwhile decode for themselves.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { takeLock } from '../../base/process-lock.js';
import type { FileSink } from '../pack/pack-files.js';
import { PackWriter } from '../pack/pack-writer.js';
import type { StoreIndex } from '../store/store-index.js';
import { CACHE_HINT, cacheWriter, removeAbandoned } from './cache-writer.js';

/** A store of the cache, being written. Call `finish`, `pause` or `discard` at the end. */
export interface DecodeWriter extends FileSink {
  /** Writes the index and gives the store its name. @throws DataError if the disk refuses it */
  finish(index: StoreIndex): Promise<void>;
  /** Gives up for now: what is done is kept if this process is the one that keeps it. */
  pause(): Promise<void>;
  /** Gives up: nothing stays on disk. */
  discard(): Promise<void>;
}

/** Opens a writer of the store `path` of the cache.
 *  @throws DataError if the cache cannot be written */
export function decodeWriter(path: string): DecodeWriter {
  return resumableWriter(path) ?? ownWriter(path);
}

function resumableWriter(path: string): DecodeWriter | null {
  let release: () => void;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const attempt = takeLock(`${path}.lock`);
    if (attempt.outcome !== 'taken') return null;
    ({ release } = attempt);
    removeAbandoned(path);
  } catch {
    return null; // the other writer says what is wrong
  }
  const writer = new PackWriter(path, basename(path), undefined, CACHE_HINT);
  const close = async () => {
    try {
      await writer.close();
    } finally {
      release();
    }
  };
  return {
    resumed: writer.resumed,
    get storeBytes() {
      return writer.storeBytes;
    },
    room: (length) => writer.room(length),
    append: (file) => writer.append(file),
    finish: async (index) => {
      await writer.finish(index);
      await close();
    },
    pause: close,
    discard: async () => {
      await close();
      for (const rest of ['partial', 'journal']) rmSync(`${path}.${rest}`, { force: true });
    },
  };
}

function ownWriter(path: string): DecodeWriter {
  const writer = cacheWriter(path);
  const discard = () => Promise.resolve(writer.discard());
  return {
    resumed: [],
    get storeBytes() {
      return writer.storeBytes;
    },
    room: (length) => writer.room(length),
    append: (file) => writer.append(file),
    finish: (index) => Promise.resolve(writer.finish(index)),
    pause: discard,
    discard,
  };
}
