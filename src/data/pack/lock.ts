// One writer a store: a file beside it names the process.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DataError } from '../../base/errors.js';

/** Locks a store, or another file, for this process; `doing` is what others are told. A lock whose
 *  process, on this machine, has ended is taken over.
 *  @returns what unlocks it
 *  @throws DataError if another process is writing it */
export function lockStore(path: string, doing = 'packing into'): () => void {
  const file = `${path}.lock`;
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, `${hostname()} ${process.pid}\n`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new DataError(`${path}: cannot be written (${(cause as Error).message})`, { cause });
      }
      const [host = '', owner = ''] = holder(file).split(' ');
      if (attempt > 0 || host !== hostname() || isRunning(Number(owner))) {
        throw new DataError(`${path}: process ${owner} on ${host} is ${doing} it`, {
          hint: `Wait for it. If it has ended, delete ${file}.`,
          cause,
        });
      }
      rmSync(file, { force: true });
    }
  }
}

function holder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function isRunning(owner: number): boolean {
  // A restarted container gives out the same numbers: a lock of our own number is an old one.
  if (!(owner > 0) || owner === process.pid) return false;
  if (isZombie(owner)) return false;
  try {
    process.kill(owner, 0); // signal 0 asks only whether the process exists
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// Killed, but its parent has not asked yet (Linux: the state stands after the name, which is in
// brackets).
function isZombie(owner: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${owner}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
