// Memory of this process and of those that it has started.
import { readFileSync } from 'node:fs';

/** Of /proc/PID/statm. */
const PAGE_BYTES = 4096;

/** Resident bytes of this process and of its children; null where the system does not say (it takes
 *  Linux's /proc). */
export function residentBytes(): number | null {
  const own = process.pid;
  const children = textOf(`/proc/${own}/task/${own}/children`);
  if (children === null) return null;
  const pids = [String(own), ...children.split(' ').filter((pid) => pid !== '')];
  // One that has ended meanwhile has none.
  const pages = pids.map((pid) => Number(textOf(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0));
  return PAGE_BYTES * pages.reduce((sum, each) => sum + each, 0);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
