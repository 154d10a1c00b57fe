// What is said when oneDNN is not there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { librariesIn, loadOneDnn } from './library.js';

afterEach(() => vi.unstubAllEnvs());

it('names what was looked for and the command that installs it', () => {
  vi.stubEnv('SELFFER_ONEDNN', '/nowhere/libdnnl.so.2');
  const thrown = (() => {
    try {
      return loadOneDnn();
    } catch (cause) {
      return cause;
    }
  })();
  expect(thrown).toBeInstanceOf(ExecutorMissingError);
  expect(thrown).toMatchObject({ hint: expect.stringMatching(/install/) });
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
