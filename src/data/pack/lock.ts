// One writer a store: a file beside it names the process.
import { DataError } from '../../base/errors.js';
import { takeLock } from '../../base/process-lock.js';

/** Locks a store, or another file, for this process; `doing` is what others are told. A lock whose
 *  process has ended is taken over.
 *  @returns what unlocks it
 *  @throws DataError if another process is writing it, or the lock cannot be written */
export function lockStore(path: string, doing = 'packing into'): () => void {
  const file = `${path}.lock`;
  const attempt = takeLock(file);
  switch (attempt.outcome) {
    case 'taken':
      return attempt.release;
    case 'held': {
      const { pid, host } = attempt.owner;
      throw new DataError(`${path}: process ${pid} on ${host} is ${doing} it`, {
        hint: `Wait for it. If it has ended, delete ${file}.`,
      });
    }
    case 'unusable': {
      const { problem, cause } = attempt;
      throw new DataError(`${path}: cannot be written (${problem})`, { cause });
    }
  }
}
