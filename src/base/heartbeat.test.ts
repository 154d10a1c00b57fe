// Locks that show to other machines that their holder lives; children run the compiled files.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isSilent } from './heartbeat.js';
import { packageFile } from './package-files.js';
import { lockOwner, takeLock } from './process-lock.js';
import { thisProcess } from './process-owner.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-heartbeat-'));
  path = join(directory, 'lease.json');
});
const children: ChildProcess[] = [];
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(directory, { recursive: true });
});

/** A lock of another machine, last written so many seconds ago. */
function elsewhere(secondsAgo: number, beats: boolean): void {
  const owner = { ...thisProcess(), host: 'elsewhere', bootId: 'x', since: '2026-01-01' };
  writeFileSync(path, JSON.stringify({ ...owner, token: 'x', ...(beats ? { beats } : {}) }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(path, then, then);
}

test.each([
  ['a beating lock of another machine holds while it beats', 60, true, 'held'],
  ['and is taken over once it has been silent for long', 600, true, 'taken'],
  ['one that never beat says nothing by its age', 600, false, 'held'],
])('%s', (_, secondsAgo, beats, outcome) => {
  elsewhere(secondsAgo, beats);
  expect(lockOwner(path) === null).toBe(outcome === 'taken');
  const attempt = takeLock(path);
  expect(attempt.outcome).toBe(outcome);
  if (attempt.outcome === 'taken') attempt.release();
});

test('age is told by the clock of the file system, not by ours', () => {
  elsewhere(600, true);
  const now = Date.now;
  Date.now = () => now() - 3_600_000;
  try {
    expect(isSilent(path)).toBe(true);
  } finally {
    Date.now = now;
  }
  expect(isSilent(join(directory, 'nothing'))).toBe(false);
});

/** A process that holds the lock, beats, and is busy without end. */
function holder() {
  const script = `
    import { takeLock } from ${JSON.stringify(packageFile('dist/base/process-lock.js'))};
    process.stdout.write(takeLock(process.argv[1], { beatMs: 20 }).outcome);
    setTimeout(() => { for (;;) ; }, 20);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<string | null>((resolve) => {
    child.once('exit', (_, signal) => resolve(signal));
  });
  const held = new Promise((resolve) => child.stdout.once('data', resolve));
  return { child, ended, held, said: () => stderr };
}

test('a lock beats while the main thread of its holder is busy, its content unchanged', async () => {
  const { child, ended, held } = holder();
  await held;
  const text = readFileSync(path, 'utf8');
  const old = Date.now() / 1000 - 1000;
  utimesSync(path, old, old);
  await expect.poll(() => statSync(path).mtimeMs > 1000 * old + 1, { timeout: 10_000 }).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(text);
  child.kill('SIGKILL');
  await ended;
});

test('who has lost a lock ends, before two write in one place', async () => {
  const { ended, held, said } = holder();
  await held;
  elsewhere(0, true);
  const theirs = readFileSync(path, 'utf8');
  expect(await ended).toBe('SIGKILL');
  expect(said()).toContain('another process has taken it');
  expect(readFileSync(path, 'utf8')).toBe(theirs);
}, 20_000);

test('a release ends the beating, and harms nobody', async () => {
  for (let i = 0; i < 20; i++) {
    const attempt = takeLock(path, { beatMs: 1 });
    if (attempt.outcome !== 'taken') throw new Error(attempt.outcome);
    await sleep(3);
    attempt.release();
    expect(existsSync(path)).toBe(false);
  }
  // Longer than a loss is looked at twice.
  await sleep(1300);
  expect(existsSync(path)).toBe(false);
});
