// What the system refuses is told with the file, the reason and what to do.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomic } from './atomic-file.js';
import { FileError, SelfferError } from './errors.js';
import { onFile, systemError, systemProblem } from './system-error.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-system-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function refusal(act: () => unknown): SelfferError {
  try {
    act();
  } catch (error) {
    const told = systemError(error) ?? error;
    expect(told).toBeInstanceOf(FileError);
    return told as SelfferError;
  }
  return expect.unreachable();
}

test.each<[string, () => void, string]>([
  ['a folder in its place', () => mkdirSync(join(folder, 'out')), 'found a folder'],
  ['a file above it', () => writeFileSync(folder + '/above', ''), 'above/out: cannot be'],
])('a file that is written whole: %s', (what, make, problem) => {
  make();
  const path = join(folder, ...(what === 'a file above it' ? ['above'] : []), 'out');
  const { message, hint, exitCode } = refusal(() => writeFileAtomic(path, 'text'));
  expect(message).toContain(`${path}: cannot be`);
  expect(message).toContain(problem);
  expect(hint).toMatch(/./);
  expect(exitCode).toBe(2);
  // Nothing of the attempt stays.
  expect(readdirSync(folder).some((name) => name.endsWith('.tmp'))).toBe(false);
});

test.each<[string, string, string]>([
  ['no folder above', 'no/out', 'does not exist, or a folder above it does not (ENOENT)'],
  ['a name that is too long', 'x'.repeat(300), 'the name is too long (ENAMETOOLONG)'],
])('%s', (_, name, problem) => {
  const path = join(folder, name);
  expect(refusal(() => writeFileAtomic(path, '')).message).toContain(`${path}: cannot be`);
  expect(refusal(() => writeFileAtomic(path, '')).message).toContain(problem);
  expect(refusal(() => readFileSync(path)).message).toContain('cannot be opened');
});

test('errors that are not of the system are left as they are', () => {
  expect(systemError(new Error('mine'))).toBeNull();
  expect(systemError(Object.assign(new Error('other'), { code: 'ERR_ASSERTION' }))).toBeNull();
  expect(systemError('text')).toBeNull();
  expect(systemProblem(new Error('mine'))).toBe('mine');
  expect(() =>
    onFile('x', () => {
      throw new Error('mine');
    }),
  ).toThrow('mine');
});

// Only root can mount; others skip.
const mounted = (options: string, act: (disk: string) => void): boolean => {
  const disk = mkdtempSync(join(tmpdir(), 'selffer-disk-'));
  const mount = (...args: readonly string[]): boolean =>
    spawnSync('mount', [...args, disk]).status === 0;
  if (!mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs')) return false;
  try {
    if (options !== '') mount('-o', `remount,${options}`);
    act(disk);
    return true;
  } finally {
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  }
};
const canMount = process.platform === 'linux' && mounted('', () => {});

test.skipIf(!canMount)('a full disk is named, and the file as it was stays (needs root)', () => {
  mounted('', (disk) => {
    const path = join(disk, 'out');
    writeFileAtomic(path, 'before');
    const { message } = refusal(() => writeFileAtomic(path, 'x'.repeat(100_000)));
    expect(message).toBe(`${path}: cannot be written: the disk is full (ENOSPC)`);
    expect(readdirSync(disk)).toEqual(['out']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });
});

test.skipIf(!canMount)(
  'a read-only disk is named, also where folders are made (needs root)',
  () => {
    mounted('ro', (disk) => {
      const { message } = refusal(() => writeFileAtomic(join(disk, 'out'), ''));
      expect(message).toContain('the file system is read-only (EROFS)');
      const nested = refusal(() => mkdirSync(join(disk, 'a/b'), { recursive: true }));
      expect(nested.message).toContain('the file system is read-only (EROFS)');
    });
  },
);
