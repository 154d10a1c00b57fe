// What the demo's networks reached, by its hash: the same library, instruction set and threads give
// the same bits, before and after a refactoring. What results.json says over them may grow. On a
// kind of machine that has no hash yet it is printed, to be added to demo-results.json.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Results } from '../../src/study/results/types.js';
import { noPython, recompute } from '../recompute/run-recompute.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const known = JSON.parse(
  readFileSync(join(root, 'test/golden/demo-results.json'), 'utf8'),
) as Readonly<Record<string, string>>;

test('the demo gives the results that it gave before', ({ skip }) => {
  const directory = mkdtempSync(join(tmpdir(), 'golden-demo-'));
  try {
    const command = [join(root, 'bin/selffer.js'), 'demo', '--out', join(directory, 'demo')];
    execFileSync(process.execPath, command, { stdio: 'ignore' });
    const read = (path: string): Buffer => readFileSync(join(directory, 'demo', path));
    const { executor } = JSON.parse(read('runs/split0/baseA/run.json').toString()) as {
      executor: { version: string; instructionSet: string; threads: number };
    };
    const machine = `${executor.version}, ${executor.instructionSet}, ${executor.threads} threads`;
    if (noPython === null) {
      const { status, text } = recompute(join(directory, 'demo/results.json'));
      expect(text).toMatch(/^(\d+) of \1 agree/);
      expect(status).toBe(0);
    }
    const { networks } = JSON.parse(read('results.json').toString()) as Pick<Results, 'networks'>;
    const reached = networks.map(({ name, state, accuracy, finalAccuracy }) => [
      ...[name, state, accuracy, finalAccuracy],
    ]);
    const hash = createHash('sha256').update(JSON.stringify(reached)).digest('hex');
    const wanted = known[machine];
    if (wanted === undefined) skip(`no hash is known for ${machine}; here it is ${hash}`);
    expect(hash).toBe(wanted);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
