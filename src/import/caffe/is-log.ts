// Which files are logs: by their names, or by what is in them, for people name them as they like.
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

/** Logs of cluster jobs, `<stamp>_<job>.o<id>`; `.log`; glog's `<program>...log.INFO.<time>.<id>`
 *  and its link `<program>.INFO`; gzipped or not. */
const logName = /\.(?:o\w+|log)(?:\.gz)?$|\.(?:INFO|WARNING|ERROR|FATAL)(?:\.[\w.-]+)?$/;

/** What lies beside logs and is none: not worth a word. */
const otherName =
  /\.(?:prototxt|caffemodel|solverstate|binaryproto|h5|hdf5|npy|npz|png|jpe?g|pdf|svg|py|ipynb|sh|m|mat|md|ya?ml|json|csv)(?:\.gz|\.bak|~)?$/i;

/** Bytes of a file that are looked at. */
const LOOK = 65_536;

/** What a file is. `skipped`: no log, though its name might be of one. */
export type FileKind = 'log' | 'other' | 'skipped';

/** What a file is, by its name and, where that does not say it, its first bytes. */
export function kindOfFile(path: string, name: string): FileKind {
  if (logName.test(name)) return 'log';
  if (otherName.test(name) || name.startsWith('.')) return 'other';
  return saysIterations(startOf(path)) ? 'log' : 'skipped';
}

function saysIterations(text: string): boolean {
  return /\bIteration \d{1,12}(?:,| \()/.test(text) || /\bsolver\.cpp:\d{1,6}\]/.test(text);
}

/** The first bytes as text, unpacked; empty if they cannot be read. */
function startOf(path: string): string {
  const bytes = Buffer.alloc(LOOK);
  try {
    const file = openSync(path, 'r');
    try {
      const start = bytes.subarray(0, readSync(file, bytes, 0, LOOK, 0));
      const isPacked = start[0] === 0x1f && start[1] === 0x8b;
      // The end is cut off.
      const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * LOOK };
      return (isPacked ? gunzipSync(start, options) : start)
        .toString('latin1')
        .replaceAll('\0', '');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
