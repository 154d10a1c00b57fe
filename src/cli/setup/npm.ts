// onnxruntime-node from the registry. As an optional dependency it should be there already, but its
// install script downloads what only NVIDIA cards need, and where that fails npm leaves the whole
// package out without a word. So it is fetched once more, without its script.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExecutorMissingError } from '../../base/errors.js';
import { fetchedRuntime } from '../../executors/onnx/fetched.js';
import { run } from './command.js';
import type { Say } from './say.js';

/** Puts onnxruntime-node into the cache.
 *  @throws ExecutorMissingError with the reason why it cannot be had */
export function installOnnxRuntime(say: Say): void {
  const { folder, name, version } = fetchedRuntime();
  // What is there and does not load, another copy will not mend.
  if (existsSync(folder)) throw new ExecutorMissingError(`${folder} does not load here`);
  const npm = npmScript();
  if (npm === undefined) throw new ExecutorMissingError('found no npm beside Node');
  say(`fetching ${name} ${version} into ${folder} ...`);
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    const quietly = ['--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    const place = ['--prefix', partial, '--ignore-scripts', '--global=false'];
    const outcome = run([
      ...[process.execPath, npm, 'install', ...place, ...quietly, `${name}@${version}`],
    ]);
    if ('failure' in outcome) throw new ExecutorMissingError(outcome.failure);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

// npm is started as a script of node: its command is another file on every system.
function npmScript(): string | undefined {
  const folder = dirname(process.execPath);
  const started = process.env['npm_execpath'] ?? '';
  const installed = ['../lib/node_modules', 'node_modules', '../share/nodejs'].map((place) =>
    join(folder, place, 'npm/bin/npm-cli.js'),
  );
  return [started, ...installed].find((path) => path.endsWith('npm-cli.js') && existsSync(path));
}
