// Errors of the operating system in words: which file, what is the matter with it, what to do. The
// one place that knows their codes.
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FileError, type SelfferError } from './errors.js';

interface Words {
  /** What is the matter, after "cannot be read" or "cannot be written". */
  readonly problem: string;
  readonly hint: string;
}

const room = 'Make room on that disk, or give a folder on another one; what is done is kept.';
const permission =
  'Change its permissions (ls -ld shows them, and those of the folders above), or give another path.';

const wordsOf: Readonly<Record<string, Words>> = {
  ENOSPC: { problem: 'the disk is full', hint: room },
  EDQUOT: { problem: 'your share of the disk is used up', hint: room },
  EFBIG: { problem: 'the file system or a limit (ulimit -f) takes no larger file', hint: room },
  EACCES: { problem: 'permission is denied', hint: permission },
  EPERM: { problem: 'the system does not allow it', hint: permission },
  EROFS: {
    problem: 'the file system is read-only',
    hint: 'Give a folder that can be written to, or mount it writable.',
  },
  EISDIR: { problem: 'found a folder, wanted a file', hint: 'Give the path of a file.' },
  ENOTDIR: {
    problem: 'a part of the path is a file, wanted folders',
    hint: 'Give another path, or move that file away.',
  },
  ENOENT: {
    problem: 'it does not exist, or a folder above it does not',
    hint: 'Look for a misspelt path or a link that leads nowhere; make the folder first.',
  },
  EEXIST: {
    problem: 'something else is in its place',
    hint: 'Move it away, or give another path.',
  },
  ENOTEMPTY: { problem: 'the folder is not empty', hint: 'Move away what is in it.' },
  ENAMETOOLONG: { problem: 'the name is too long', hint: 'Give a shorter path.' },
  ELOOP: { problem: 'links lead in a circle', hint: 'Give the path of a file or folder.' },
  EXDEV: { problem: 'it lies on another disk', hint: 'Give a path on the same disk.' },
  EBUSY: { problem: 'another program uses it', hint: 'End that program, then try again.' },
  ETXTBSY: { problem: 'another program runs it', hint: 'End that program, then try again.' },
  EIO: {
    problem: 'the disk answers with an error',
    hint: 'Look into the system log: the disk or the connection to it may be failing.',
  },
  ESTALE: { problem: 'the network disk has lost it', hint: 'Mount it again, then try again.' },
  EMFILE: { problem: 'too many files are open', hint: 'Raise the limit: ulimit -n 4096.' },
  ENFILE: { problem: 'too many files are open on this machine', hint: 'End other programs.' },
  ENXIO: { problem: 'found a pipe or device that nobody serves', hint: 'Give a file.' },
  ENODEV: { problem: 'found a device that does not do this', hint: 'Give a file.' },
  ESPIPE: { problem: 'found a pipe, wanted a file', hint: 'Give a file.' },
};

/** Calls of the system that change something. */
const writes =
  /^(write|ftruncate|truncate|mkdir|rename|copyfile|link|symlink|unlink|rm|rmdir|fsync|chmod|utime)/;

/** What the system says in words, as "the disk is full"; its own text where there are none. */
export function systemProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words = code === undefined ? undefined : wordsOf[code];
  if (words !== undefined) return `${words.problem} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/** An error of the system as one of ours; null for any other.
 *  @param path which file is meant, where the error does not know or names a passing one */
export function systemError(error: unknown, path?: string): SelfferError | null {
  if (!(error instanceof Error)) return null;
  const {
    code,
    syscall = '',
    path: own,
    dest,
  } = error as NodeJS.ErrnoException & {
    readonly dest?: string;
  };
  const which = path ?? dest ?? own ?? 'a file';
  const real = code === 'ENOENT' && syscall === 'mkdir' ? (refusalAbove(which) ?? code) : code;
  const words = real === undefined ? undefined : wordsOf[real];
  if (words === undefined) return null;
  const verb = writes.test(syscall) ? 'written' : 'opened';
  return new FileError(`${which}: cannot be ${verb}: ${words.problem} (${real})`, {
    cause: error,
    hint: words.hint,
  });
}

// Node says "does not exist" where a folder cannot be made on a read-only disk: the nearest folder
// that is there knows better.
function refusalAbove(path: string): string | undefined {
  let folder = resolve(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Does `work` on the file at `path`; an error of the system names that path.
 *  @throws FileError, or whatever else `work` throws */
export function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw systemError(error, path) ?? error;
  }
}
