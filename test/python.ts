// A Python with packages of PyPI, for tests that read our files by the programs of others. Kept in
// the cache, so that packages are fetched once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A Python, or why there is none. */
export interface PythonFound {
  readonly path: string | null;
  readonly reason: string;
}

/** A Python of its own that has `packages`; null where there is no Python, or no registry. */
export function pythonWith(...packages: readonly string[]): PythonFound {
  const name = packages.join('-').replace(/[^a-z0-9.-]/gi, '_');
  const folder = join(homedir(), '.cache/selffer-test-python', name);
  const path = join(folder, 'bin/python');
  const whole = join(folder, 'whole');
  const reason = packages.join(', ');
  if (existsSync(whole)) return { path, reason };
  mkdirSync(folder, { recursive: true });
  const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' });
  if (made.status !== 0) return { path: null, reason: 'skipped: no python3 with venv' };
  const got = spawnSync(path, ['-m', 'pip', 'install', '--quiet', ...packages], {
    encoding: 'utf8',
  });
  if (got.status !== 0) {
    return { path: null, reason: `skipped: pip cannot get ${reason}: ${got.stderr.slice(0, 200)}` };
  }
  writeFileSync(whole, '');
  return { path, reason };
}
