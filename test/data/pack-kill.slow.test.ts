// The real command, killed with SIGKILL at three random moments and started again, ends with the
// same bytes as one left alone.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { integer, MersenneTwister19937, real } from 'random-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journaled, packProcess, sizeOf, writeBusyFolder } from './pack-process.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-pack-kill-'));
afterAll(() => rmSync(root, { recursive: true }));

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const shards = existsSync(shared)
  ? readdirSync(shared)
      .filter((name) => name.endsWith('.tar.gz'))
      .map((name) => join(shared, name))
  : [];
// SELFFER_SEED repeats the moments of an earlier run.
const seed = Number(
  process.env['SELFFER_SEED'] ?? integer(1, 1e6)(MersenneTwister19937.autoSeed()),
);

/** Packs undisturbed, then with three kills at random shares of the store's bytes. */
async function killThrice(source: readonly string[], size: number): Promise<void> {
  const random = MersenneTwister19937.seed(seed);
  const whole = join(root, 'whole.store');
  const killed = join(root, 'killed.store');
  const args = (out: string) => [...source, '--out', out, '--size', String(size)];
  expect((await packProcess(args(whole))).status).toBe(0);
  const bytes = sizeOf(whole);
  const moments = Array.from({ length: 3 }, () => real(0.05, 0.95)(random)).sort((a, b) => a - b);
  let resumed = 0;
  for (const moment of moments) {
    const start = journaled(killed);
    resumed = Math.max(resumed, start);
    const isTime = () => sizeOf(`${killed}.partial`) > moment * bytes;
    const { signal } = await packProcess(args(killed), 'SIGKILL', isTime);
    expect(signal, `kill at ${moment} of the bytes`).toBe('SIGKILL');
    expect(existsSync(killed)).toBe(false);
    // What was safe before is safe still.
    expect(journaled(killed)).toBeGreaterThanOrEqual(start);
    process.stdout.write(
      `killed ${source.map((each) => basename(each)).join(' ')} at ${(100 * moment).toFixed(1)} % of ${bytes} bytes (seed ${seed}); ${journaled(killed)} files were safe\n`,
    );
  }
  expect((await packProcess(args(killed))).status).toBe(0);
  expect(readFileSync(killed).equals(readFileSync(whole))).toBe(true);
  for (const each of ['partial', 'journal', 'lock']) {
    expect(existsSync(`${killed}.${each}`)).toBe(false);
  }
  // Reports name their store; all else in them is the same.
  const report = (store: string) => ({
    ...(JSON.parse(readFileSync(`${store}.report.json`, 'utf8')) as object),
    store: '',
  });
  expect(report(killed)).toEqual(report(whole));
  for (const each of [whole, killed]) rmSync(each);
}

describe(`killed at three random moments (SELFFER_SEED=${seed})`, () => {
  const folder = join(root, 'busy');
  beforeAll(() => writeBusyFolder(folder, 1500));

  test('a folder of large photographs', () => killThrice([folder], 96));

  test.skipIf(shards.length === 0)(
    `Tiny ImageNet (${shards.length === 0 ? 'skipped: no ../shared/data' : `${shards.length} shards`})`,
    () => killThrice(shards, 64),
  );
});
