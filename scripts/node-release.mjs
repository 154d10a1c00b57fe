// Another release of Node, for tests: from the registry, where each platform's binary is a package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmScript } from './setup.mjs';

const folder = fileURLToPath(new URL('../build/node/', import.meta.url));

/** Path of the binary of this release, e.g. "26.12.1", installed below build/ if it is not there.
 *  @returns undefined, and says why, if it cannot be had */
export function nodeRelease(version) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(folder, version, 'node_modules', name, 'bin', binary);
  if (existsSync(path)) return path;
  const args = ['install', '--prefix', join(folder, version), '--loglevel=error'];
  const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
  const npm = [npmScript(), ...args, ...options, `${name}@${version}`];
  const { status } = spawnSync(process.execPath, npm, { stdio: ['ignore', 2, 2] });
  if (status === 0 && existsSync(path)) return path;
  process.stderr.write(`Node ${version} could not be had: the registry gave no ${name}\n`);
  return undefined;
}

/** Environment in which `node` and what starts it are this binary. */
export function environmentOf(binary) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { PATH: [dirname(binary), process.env.PATH].join(separator) };
}
