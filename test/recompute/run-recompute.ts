// Runs recompute.py, which makes every number of a results.json again from its networks.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('recompute.py', import.meta.url));

/** Why it cannot run here; null if it can. */
export const noPython: string | null =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0
    ? null
    : 'no python3 of version 3.9 or later';

/** What it says of the file, line by line: what does not agree, then how many numbers do. */
export function recompute(path: string): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('python3', [script, path], { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}
