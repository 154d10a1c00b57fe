// The system's file cache: measurements of disks need it empty.
import { execFileSync } from 'node:child_process';

/** Makes the system forget what it has of a file (coreutils' dd asks it to: posix_fadvise
 *  DONTNEED). Files must have been synced.
 *  @returns false if there is no such dd */
export function forgetFile(path: string): boolean {
  try {
    execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none']);
    return true;
  } catch {
    return false;
  }
}
