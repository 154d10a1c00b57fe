// What is said when oneDNN is not there.
import { afterEach, expect, it, vi } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { loadOneDnn } from './library.js';

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
