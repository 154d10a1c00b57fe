// onnxruntime-node from the registry into the cache, with a script that stands for npm.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { fetchedRuntime } from '../../executors/onnx/fetched.js';
import { installOnnxRuntime } from './npm.js';

let folder: string;
let said: string[];
const install = () => installOnnxRuntime((text) => said.push(text));

/** npm is this CommonJS code. */
function npm(code: string): void {
  const path = join(folder, 'npm-cli.js');
  writeFileSync(path, code);
  vi.stubEnv('npm_execpath', path);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-npm-'));
  said = [];
  vi.stubEnv('SELFFER_CACHE_DIR', join(folder, 'cache'));
  npm(`const args = process.argv;
require('node:fs').writeFileSync(args[args.indexOf('--prefix') + 1] + '/called', args.join(' '));`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the version of package.json is fetched, and no script of it is run', () => {
  install();
  const { folder: place, version } = fetchedRuntime();
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(readdirSync(dirname(place))).toHaveLength(1);
  const called = readFileSync(join(place, 'called'), 'utf8');
  expect(called).toContain(' --ignore-scripts ');
  expect(called).toMatch(new RegExp(` onnxruntime-node@${version}$`));
  expect(said.join()).toContain(place);
});

test('what npm says is the reason when it fails, and nothing is left', () => {
  npm(`console.error('npm error network'); process.exit(1);`);
  expect(install).toThrow(ExecutorMissingError);
  expect(install).toThrow(/npm error network/);
  expect(readdirSync(dirname(fetchedRuntime().folder))).toEqual([]);
});

test('what is there and does not load is not fetched again', () => {
  mkdirSync(fetchedRuntime().folder, { recursive: true });
  expect(install).toThrow(/does not load here/);
  expect(existsSync(join(fetchedRuntime().folder, 'called'))).toBe(false);
});
