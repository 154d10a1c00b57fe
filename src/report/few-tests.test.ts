// Of a study whose statistic is the mean of the ten best tests, a report says if there are few.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logText } from '../import/caffe/made-logs.cases.js';
import { readCaffeLogs } from '../import/caffe/read-logs.js';
import { writeImportedStudy } from '../import/caffe/write-study.js';
import { reportData } from './report-data.js';

async function warningsWith(tests: number): Promise<readonly string[]> {
  const [logs, out] = ['logs', 'study'].map((name) =>
    mkdtempSync(join(tmpdir(), `selffer-${name}-`)),
  ) as [string, string];
  try {
    const made = Array.from({ length: tests }, (_, i) => ({
      iteration: 1000 * (i + 1),
      accuracy: 0.4 + i / 1000,
      at: `0403 00:${String(i).padStart(2, '0')}:00`,
    }));
    mkdirSync(join(logs, 'half0A'));
    writeFileSync(join(logs, 'half0A', '140403_063910_half0A.o1'), logText(made));
    writeImportedStudy(out, 'made', logs, await readCaffeLogs(logs));
    const warnings = reportData(out).provenance.warnings ?? [];
    return warnings.filter((warning) => warning.includes('top10'));
  } finally {
    for (const folder of [logs, out]) rmSync(folder, { recursive: true });
  }
}

test('a report warns of top10 below twenty tests', async () => {
  const [warning, ...more] = await warningsWith(12);
  expect(warning).toMatch(
    /^The statistic top10 is the mean of the ten best tests, and there are 12/,
  );
  expect(more).toEqual([]);
  expect(await warningsWith(20)).toEqual([]);
});
