// Locks between real processes; the children run the compiled files.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageFile } from './package-files.js';
import { lockOwner, takeLock } from './process-lock.js';
import {
  ownerTag,
  type ProcessOwner,
  standingOf,
  taggedOwner,
  thisProcess,
} from './process-owner.js';

let directory: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-lock-'));
  path = join(directory, 'lock.json');
});
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(directory, { recursive: true });
});

const compiled = JSON.stringify(packageFile('dist/base/process-lock.js'));

/** A file that node runs with `takeLock` and the lock's path at hand. */
function script(body: string): string {
  const file = join(directory, `child.mjs`);
  writeFileSync(
    file,
    `import * as fs from 'node:fs';
     import { takeLock } from ${compiled};
     const path = ${JSON.stringify(path)};
     ${body}`,
  );
  return file;
}

function firstLine(child: ChildProcess): Promise<string> {
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });
}

const hold = `console.log(takeLock(path).outcome); setInterval(() => {}, 1000);`;
const dead = 2 ** 22 + 1;
const lock = { ...thisProcess(), since: '2026-01-01' };
const write = (content: unknown): void => writeFileSync(path, JSON.stringify(content));
const hasProc = existsSync('/proc/self/stat');

test('a lock is held by a living process, and free once it is gone', async () => {
  const child = spawn(process.execPath, [script(hold)], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect(await firstLine(child)).toBe('taken');
  expect(takeLock(path)).toMatchObject({ outcome: 'held', owner: { pid: child.pid } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(lockOwner(path)).toBeNull();
  const mine = takeLock(path);
  expect(mine.outcome).toBe('taken');
  expect(lockOwner(path)?.pid).toBe(process.pid);
});

test.skipIf(!hasProc)('a holder that was killed but not waited for is gone', async () => {
  // The shell becomes `sleep`, which never asks for the end of its child.
  const shell = `"$0" "$1" & exec sleep 600`;
  const parent = spawn('sh', ['-c', shell, process.execPath, script(hold)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await firstLine(parent)).toBe('taken');
  const pid = lockOwner(path)?.pid as number;
  process.kill(pid, 'SIGKILL');
  const state = (): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '';
  while (!state().startsWith('Z')) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(lockOwner(path)).toBeNull();
  expect(takeLock(path).outcome).toBe('taken');
});

test('one process takes a lock once, and can take it again after its release', () => {
  const first = takeLock(path);
  expect(takeLock(path)).toMatchObject({ outcome: 'held', isElsewhere: false });
  if (first.outcome === 'taken') first.release();
  expect(takeLock(path).outcome).toBe('taken');
});

test('a release leaves the lock of another alone', () => {
  const mine = takeLock(path);
  write({ ...lock, pid: 1 });
  if (mine.outcome === 'taken') mine.release();
  expect(existsSync(path)).toBe(true);
});

const noStart = { startTicks: null, bootId: null, pidNamespace: null };

test.each<[string, unknown]>([
  ['of a dead process', { ...lock, pid: dead }],
  ['of number 0', { ...lock, pid: 0 }],
  ['of number -1', { ...lock, pid: -1 }],
  ['of number 1.5', { ...lock, pid: 1.5 }],
  ['of a number that is not one', { ...lock, pid: null }],
  ['of a number as text', { ...lock, pid: String(process.pid) }],
  ['of our own number that we did not take', { ...lock, ...noStart }],
  ['of our own that we hold no more', lock],
  ['of another boot', { ...lock, pid: 1, startTicks: null, bootId: 'another' }],
  ['without an owner', {}],
  ['that is null', null],
  ['that is text', 'rubbish'],
])('a lock %s is taken over', (_, content) => {
  write(content);
  expect(lockOwner(path)).toBeNull();
  expect(takeLock(path).outcome).toBe('taken');
  expect(readdirSync(directory)).toEqual(['lock.json']);
});

test.skipIf(!hasProc)('a lock whose number another process has now is taken over', () => {
  write({ ...lock, pid: process.ppid, startTicks: '1' });
  expect(takeLock(path).outcome).toBe('taken');
});

test.skipIf(!hasProc)('a lock without a start time is taken over from who began after it', () => {
  const { pid } = spawnSleep();
  const old = { pid, host: hostname(), ...noStart, since: '2026-01-01T00:00:00.000Z' };
  write(old);
  expect(lockOwner(path)).toBeNull();
  write({ ...old, since: new Date(Date.now() + 60_000).toISOString() });
  expect(lockOwner(path)).toMatchObject({ pid });
  // Stores' locks of older versions have the time of their file alone.
  writeFileSync(path, `${hostname()} ${pid}\n`);
  expect(lockOwner(path)).toMatchObject({ pid });
  utimesSync(path, 1, 1);
  expect(lockOwner(path)).toBeNull();
});

function spawnSleep(): { readonly pid: number } {
  const child = spawn('sleep', ['600']);
  children.push(child);
  return { pid: child.pid as number };
}

// Only root can make spaces of process numbers, as containers have.
const canUnshare = hasProc && spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

test.skipIf(!canUnshare).each([['--mount-proc'], []])(
  'of two spaces of process numbers one holds the lock, and knows its dead (needs root) %s',
  async (...proc) => {
    const file = script(hold);
    const inSpace = (line: string) =>
      spawn(
        'unshare',
        ['--pid', '--fork', '--kill-child', ...proc, 'sh', '-c', line, process.execPath, file],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
    expect(await firstLine(inSpace('"$0" "$1"; exit'))).toBe('taken');
    expect(await firstLine(inSpace('"$0" "$1"; exit'))).toBe('held');
    expect(takeLock(path)).toMatchObject({ outcome: 'held', isElsewhere: true });
    rmSync(path);
    // In one space: held while the holder lives, free once it was killed.
    const both = inSpace(
      `cd ${directory}
       said() { until [ -s $1 ]; do sleep 0.1; done; cat $1; }
       "$0" "$1" > first & a=$!; said first; "$0" "$1" > second & b=$!; said second
       kill -9 $a $b; wait; exec "$0" "$1"`,
    );
    let said = '';
    both.stdout?.on('data', (text: Buffer) => (said += text.toString()));
    children.push(both);
    await expect
      .poll(() => said.trim().split('\n'), { timeout: 20_000 })
      .toEqual(['taken', 'held', 'taken']);
  },
);

test.each(['', '{"pid": 12', `${hostname()} `, `${hostname()} 0\n`])(
  'the torn or damaged lock %j is taken over',
  (text) => {
    writeFileSync(path, text);
    expect(takeLock(path).outcome).toBe('taken');
  },
);

test('a link that leads nowhere is taken over', () => {
  symlinkSync(join(directory, 'nowhere'), path);
  expect(takeLock(path).outcome).toBe('taken');
});

test('a folder in the place of the lock is named', () => {
  mkdirSync(path);
  expect(takeLock(path)).toMatchObject({
    outcome: 'unusable',
    problem: `${path} is a folder, wanted a lock file; remove it`,
  });
  expect(lockOwner(path)).toBeNull();
  expect(readdirSync(directory)).toEqual(['lock.json']);
});

test('a folder that is not there is named', () => {
  expect(takeLock(join(directory, 'no', 'lock'))).toMatchObject({ outcome: 'unusable' });
});

test.each<[string, Partial<ProcessOwner>]>([
  ['another machine', { host: 'elsewhere', bootId: 'another' }],
  ['another machine, as older versions wrote it', { host: 'elsewhere', ...noStart }],
  ['another container of the same name', { pid: dead, pidNamespace: 'pid:[1]' }],
])('a lock of %s cannot be judged from here', (_, change) => {
  // Only a system that names its boots and spaces can tell containers apart.
  const here = { ...lock, bootId: 'boot', pidNamespace: 'pid:[2]' };
  const from = { ...thisProcess(), bootId: 'boot', pidNamespace: 'pid:[2]' };
  expect(standingOf({ ...here, ...change }, from)).toBe('elsewhere');
});

test('a machine that was given another name is known by its boot', () => {
  const from = { ...thisProcess(), bootId: 'boot', pidNamespace: 'pid:[2]' };
  expect(standingOf({ ...from, host: 'before' }, from)).toBe('running');
  expect(standingOf({ ...from, host: 'before', pid: dead }, from)).toBe('gone');
});

test('locks of older versions are understood', () => {
  writeFileSync(path, `${hostname()} ${process.ppid}\n`);
  expect(takeLock(path)).toMatchObject({ outcome: 'held', owner: { pid: process.ppid } });
  writeFileSync(path, `elsewhere 1\n`);
  expect(takeLock(path)).toMatchObject({ outcome: 'held', isElsewhere: true });
  const [pid, host, since] = [process.ppid, hostname(), new Date().toISOString()];
  write({ pid, host, startTicks: null, since });
  expect(takeLock(path)).toMatchObject({ outcome: 'held', owner: { pid, since } });
});

test('the claim of a process that died while it took a lock over is taken over too', () => {
  write({ ...lock, pid: dead });
  spawnSync(process.execPath, [
    script(`
    // Dies in the middle: the claim is there, the lock is still the old one.
    const unlink = fs.default.unlinkSync;
    fs.default.unlinkSync = () => process.kill(process.pid, 'SIGKILL');
    (await import('node:module')).syncBuiltinESMExports();
    takeLock(path);`),
  ]);
  expect(readdirSync(directory).some((name) => name.endsWith('.claim'))).toBe(true);
  expect(takeLock(path).outcome).toBe('taken');
  expect(readdirSync(directory).some((name) => name.endsWith('.claim'))).toBe(false);
});

test('of many takers of a stale lock exactly one wins, again and again', async () => {
  write({ ...lock, pid: dead });
  // Each holder leaves its lock as a dead process would, for the others to take over.
  const body = `
    const guard = path + '.guard';
    for (let taken = 0; taken < 40;) {
      const attempt = takeLock(path);
      if (attempt.outcome === 'unusable') throw attempt.cause;
      if (attempt.outcome !== 'taken') continue;
      fs.writeFileSync(guard, '', { flag: 'wx' });
      taken += 1;
      const lock = JSON.parse(fs.readFileSync(path, 'utf8'));
      if (lock.pid !== process.pid) throw new Error('taken from a living holder');
      fs.rmSync(guard);
      const stale = path + '.' + process.pid + '.stale';
      fs.writeFileSync(stale, JSON.stringify({ ...lock, pid: ${dead} }));
      fs.renameSync(stale, path);
    }`;
  const file = script(body);
  const ends = Array.from({ length: 6 }, () => {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    return new Promise<string>((resolve) =>
      child.once('close', (code) => resolve(`${code}${said}`)),
    );
  });
  expect(await Promise.all(ends)).toEqual(ends.map(() => '0'));
});

test('a process in the name of a temporary file is known again', () => {
  const us = thisProcess();
  expect(taggedOwner(ownerTag(us), us.host)).toEqual(us);
  expect(taggedOwner('4711', 'here')).toEqual({ pid: 4711, host: 'here', ...noStart });
  expect(taggedOwner('x', 'here')).toBeNull();
});
