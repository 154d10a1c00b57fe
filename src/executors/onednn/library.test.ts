// What is said when oneDNN is not there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { candidates, librariesIn, loadOneDnn } from './library.js';
import { unpackedLibraryFolders } from './unpacked.js';

afterEach(() => vi.unstubAllEnvs());

it('names what was looked for, and what to do', () => {
  vi.stubEnv('SELFFER_ONEDNN', '/nowhere/libdnnl.so.2');
  const thrown = (() => {
    try {
      return loadOneDnn();
    } catch (cause) {
      return cause;
    }
  })();
  expect(thrown).toBeInstanceOf(ExecutorMissingError);
  expect(thrown).toMatchObject({ hint: expect.stringContaining('SELFFER_ONEDNN') });
  expect(String(thrown)).toContain('/nowhere/libdnnl.so.2');
});

it('refuses a library that is not oneDNN', () => {
  vi.stubEnv('SELFFER_ONEDNN', 'libc.so.6');
  expect(loadOneDnn).toThrow(ExecutorMissingError);
});

it('finds libraries that are named after their minor version, the newest first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-libraries-'));
  for (const name of [
    ...['libdnnl.so', 'libdnnl.so.3.6', 'libdnnl.so.3.10', 'libdnnl.so.2', 'libdnnl.a'],
    ...['libdnnl.so.4', 'libdnnl.so.3.6.bak', 'other.so.3'],
  ]) {
    writeFileSync(join(folder, name), '');
  }
  const names = ['libdnnl.so.3.10', 'libdnnl.so.3.6', 'libdnnl.so.2'];
  expect(librariesIn(['/nowhere', folder])).toEqual(names.map((name) => join(folder, name)));
  rmSync(folder, { recursive: true });
});

it.runIf(process.platform === 'linux')('looks last where set-up unpacks', () => {
  const cache = mkdtempSync(join(tmpdir(), 'selffer-libraries-'));
  vi.stubEnv('SELFFER_ONEDNN', undefined);
  vi.stubEnv('SELFFER_CACHE_DIR', cache);
  const [folder] = unpackedLibraryFolders() as readonly [string];
  expect(folder.startsWith(cache)).toBe(true);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'libdnnl.so.2'), '');
  expect(candidates().at(-1)).toBe(join(folder, 'libdnnl.so.2'));
  vi.stubEnv('SELFFER_ONEDNN', '/own/libdnnl.so.3');
  expect(candidates()).toEqual(['/own/libdnnl.so.3']);
  rmSync(cache, { recursive: true });
});
