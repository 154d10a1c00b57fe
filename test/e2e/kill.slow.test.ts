// A study that is killed again and again ends with the same results.json as one that is left alone:
// real command, real workers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-kill-'));
const study = join(folder, 'study.yaml');

beforeAll(() => {
  writeFileSync(
    study,
    `name: kill
data: {source: glyphs}
tasks: {split: random-halves, seeds: [3]}
network: glyph28
solver: {lr: 0.01, batch: 32, iterations: 60, testEvery: 20}
imagesPerClass: 40
treatments: [base, AnB, BnB+, 'AnB>']
layers: [1, 5]
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the study, killed with SIGKILL after `killAfterMs` if that comes first.
 *  @returns the exit status, null if killed */
function run(out: string, killAfterMs = Infinity): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'run', study, '--out', out], { stdio: 'ignore' });
    const timer = Number.isFinite(killAfterMs)
      ? setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      : undefined;
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve(status);
    });
  });
}

const resultsOf = (out: string): string => readFileSync(join(out, 'results.json'), 'utf8');

test('killed at many moments and started again gives the same results.json', async () => {
  const undisturbed = join(folder, 'undisturbed');
  expect(await run(undisturbed)).toBe(0);
  const killed = join(folder, 'killed');
  let kills = 0;
  for (let round = 0; round < 14; round++) {
    if ((await run(killed, 700 + 450 * round)) === null) kills++;
  }
  expect(await run(killed)).toBe(0);
  expect(kills).toBeGreaterThan(2);
  expect(resultsOf(killed)).toBe(resultsOf(undisturbed));
});
