// Where this executor can be at all. Loads no native code: its bindings to the C library cannot
// even be loaded on Windows.
import { ExecutorMissingError } from '../../base/errors.js';

/** @throws ExecutorMissingError on systems whose C library is not POSIX's */
export function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new ExecutorMissingError('onednn: found Windows, wanted Linux or macOS', {
    hint: 'Other executors run here; `selffer doctor` lists them.',
  });
}
