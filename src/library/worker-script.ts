// The compiled script that local workers run.
import { packageFile } from '../base/package-files.js';

/** Absolute path of the worker's script. */
export function workerScript(): string {
  return packageFile('dist/cli/worker.js');
}
