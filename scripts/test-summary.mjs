// Prints "N passed, N failed, N skipped" over vitest's JSON reports. A suite that could not even be
// loaded counts as failed, and so does a report that is not there or has no test that passed.
import { readFileSync } from 'node:fs';

function countsOf(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + unloaded;
  const passed = report.numPassedTests;
  return { passed, failed: failed || (passed === 0 ? 1 : 0), skipped: report.numPendingTests };
}

const counts = process.argv.slice(2).map(countsOf);
const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
const failed = counts.length === 0 ? 1 : sum('failed');
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exit(failed === 0 ? 0 : 1);
