// Set-up, then the tests. `--slow` runs the long suites (*.slow.test.ts) instead; `--on VERSION`,
// repeatable, runs on these releases of Node instead of this one, with `--coverage` counted on the
// first of them. Ends with a line "N passed, N failed, N skipped" over all.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, nodeRelease } from './node-release.mjs';
import { node, setUp } from './setup.mjs';

const { isSlow, isCovered, versions, rest } = read(process.argv.slice(2));
if (!setUp().isBuilt) process.exit(1);
const folder = mkdtempSync(join(tmpdir(), 'selffer-tests-'));
const releases = versions.map((version) => ({ version, binary: nodeRelease(version) }));
const wanted = versions.length === 0 ? [{ binary: process.execPath }] : releases;
const found = wanted.filter(({ binary }) => binary !== undefined);
const runs = found.map(({ binary }, index) => runOn(binary, index));
for (const { version } of wanted.filter(({ binary }) => binary === undefined)) {
  process.stderr.write(`No test ran on Node ${version}: it could not be had, see above.\n`);
}
const summary = node(['scripts/test-summary.mjs', ...runs.map(({ report }) => report)]);
rmSync(folder, { recursive: true });
process.exitCode = runs.find(({ status }) => status !== 0)?.status ?? summary;

function read(args) {
  const isOn = (index) => args[index] === '--on';
  const versions = args.filter((_, index) => isOn(index - 1));
  const isOurs = (each, index) =>
    isOn(index) || isOn(index - 1) || /^--(slow|coverage)$/.test(each);
  return {
    ...{ isSlow: args.includes('--slow'), isCovered: args.includes('--coverage'), versions },
    rest: args.filter((each, index) => !isOurs(each, index)),
  };
}

function runOn(binary, index) {
  const report = join(folder, `${index}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const coverage = isCovered && index === 0 ? ['--coverage'] : [];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...coverage, ...rest];
  const slow = isSlow ? { SELFFER_SLOW: '1' } : {};
  if (versions.length > 0) node(['-p', '"Tests on Node " + process.versions.node'], { binary });
  const environment = { ...slow, ...environmentOf(binary) };
  return { report, status: node(vitest, { environment, binary }) };
}
