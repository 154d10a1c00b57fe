// oneDNN from packages without root, with programs that stand for those of apt and dpkg.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExecutorMissingError } from '../../base/errors.js';
import { unpackedFolder } from '../../executors/onednn/unpacked.js';
import { installOneDnn } from './debian.js';

let folder: string;
let said: string[];
const say = (text: string) => void said.push(text);
const calls = () => readFileSync(join(folder, 'calls'), 'utf8');

/** A program of this name in PATH, which records how it was called. */
function program(name: string, script: string): void {
  const path = join(folder, 'bin', name);
  const record = `echo "${name} $*" >> ${join(folder, 'calls')}`;
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${record}\n${script}\n`);
  chmodSync(path, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-debian-'));
  said = [];
  mkdirSync(join(folder, 'bin'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('SELFFER_CACHE_DIR', join(folder, 'cache'));
  vi.stubEnv('SELFFER_ONEDNN', undefined);
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  program(
    'apt-cache',
    `case "$*" in
pkgnames*) echo libdnnl-dev; echo libdnnl3.6; echo libdnnl3 ;;
depends*) printf '%s\\n' libdnnl3 '  Depends: libc6' '  Depends: libgomp1' ' |Depends: ocl-icd' '  Depends: <libopencl1>' '    ocl-icd' '  Breaks: <libmkldnn1>' ;;
esac`,
  );
  program('apt-get', 'case "$*" in download*) echo > one.deb; echo > two.deb ;; esac');
  program('dpkg', `echo "$2" >> "$3/unpacked"`);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the package and what it needs are downloaded and unpacked into the cache', () => {
  installOneDnn(say);
  expect(calls()).toContain('apt-get download -qq libdnnl3 libgomp1 ocl-icd\n');
  expect(calls()).not.toContain('update');
  const unpacked = readFileSync(join(unpackedFolder(), 'unpacked'), 'utf8');
  expect(unpacked).toMatch(/one\.deb\n.*two\.deb\n/);
  expect(readdirSync(dirname(unpackedFolder()))).toHaveLength(1);
  expect(said.join()).toContain(unpackedFolder());
});

test('what was unpacked before is replaced', () => {
  mkdirSync(unpackedFolder(), { recursive: true });
  writeFileSync(join(unpackedFolder(), 'broken'), '');
  installOneDnn(say);
  expect(readdirSync(unpackedFolder())).toEqual(['unpacked']);
});

test('where the system has no lists of packages, lists of our own are fetched', () => {
  const own = `case "$*" in *Dir::State*) ;; *) exit 0 ;; esac`;
  const real = readFileSync(join(folder, 'bin/apt-cache'), 'utf8');
  program('apt-cache', `${own}\n${real.slice(real.indexOf('case'))}`);
  writeFileSync(
    join(folder, 'bin/apt-cache'),
    readFileSync(join(folder, 'bin/apt-cache'), 'utf8').replace('pkgnames*', '*pkgnames*'),
  );
  installOneDnn(say);
  expect(calls()).toMatch(/apt-get update -qq -o Dir::State=/);
  expect(existsSync(join(unpackedFolder(), 'unpacked'))).toBe(true);
});

test('what apt says is the reason when it fails, and nothing is left', () => {
  program('apt-get', 'echo "E: no such host" >&2; exit 100');
  expect(() => installOneDnn(say)).toThrow(ExecutorMissingError);
  expect(() => installOneDnn(say)).toThrow(/apt-get ended with status 100: E: no such host/);
  expect(existsSync(unpackedFolder())).toBe(false);
});

test('a distribution without oneDNN', () => {
  program('apt-cache', 'echo libdnnl-dev');
  expect(() => installOneDnn(say)).toThrow(/no oneDNN/);
});

test('root installs', () => {
  vi.mocked(process.getuid as () => number).mockReturnValue(0);
  program('env', '');
  installOneDnn(say);
  expect(calls()).toContain('apt-get install -y -qq --no-install-recommends libdnnl3\n');
  expect(existsSync(unpackedFolder())).toBe(false);
});

test('a library of the user’s own is left to the user', () => {
  vi.stubEnv('SELFFER_ONEDNN', '/nowhere/libdnnl.so.3');
  expect(() => installOneDnn(say)).toThrow('/nowhere/libdnnl.so.3');
  expect(existsSync(join(folder, 'calls'))).toBe(false);
});

test('other systems', () => {
  rmSync(join(folder, 'bin/dpkg'));
  expect(() => installOneDnn(say)).toThrow(/no packages of Debian/);
});
