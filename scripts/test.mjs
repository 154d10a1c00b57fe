// Set-up, then the tests. `--slow` runs the long suites (*.slow.test.ts) instead. Ends with a line
// "N passed, N failed".
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, setUp } from './setup.mjs';

if (!setUp().isBuilt) process.exit(1);

const args = process.argv.slice(2);
const isSlow = args[0] === '--slow';
const folder = mkdtempSync(join(tmpdir(), 'selffer-tests-'));
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const tests = node(
  ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...(isSlow ? args.slice(1) : args)],
  { environment: isSlow ? { SELFFER_SLOW: '1' } : {} },
);
const summary = node(['scripts/test-summary.mjs', report]);
rmSync(folder, { recursive: true });
process.exitCode = tests || summary;
