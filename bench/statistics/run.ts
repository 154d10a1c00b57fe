// Simulated studies of known truth through the product's own results, verdicts and answers.
// Usage: npm run bench:statistics -- [--studies N] [--seed N] [--worlds a,b] [--out DIR]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';
import { writeRecord } from '../write-record.js';
import { type Cell, coverageCells, verdictCells } from './cells.js';
import { answerTables, coverageTables, type Outcome, verdictTables } from './table.js';
import { type Tally, tally } from './tally.js';

const { values: options } = parseArgs({
  options: {
    studies: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    worlds: { type: 'string' },
    out: { type: 'string' },
  },
});
const [studies, seed] = (['studies', 'seed'] as const).map((name) => {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name} ${options[name]}: wanted an integer from 1`);
}) as [number, number];
const asked = options.worlds?.split(',');
const environment = { ...describeEnvironment('bench:statistics', 1), studies, seed };

function simulateAll(cells: readonly Cell[]): Outcome[] {
  return cells
    .filter(({ worldName }) => asked === undefined || asked.includes(worldName))
    .map((cell) => {
      const outcome = {
        cell,
        tally: tally(cell.world, cell.design, { studies, seed, cell: cell.name }),
      };
      console.error(cell.name);
      return outcome;
    });
}

const start = performance.now();
const coverage = simulateAll(coverageCells);
const verdicts = simulateAll(verdictCells);
const minutes = ((performance.now() - start) / 60_000).toFixed(1);
const text = `# Simulated studies of known truth

${studies} studies a cell, seed ${seed}. Splits x repeats; P, M, S: training noise of 0.2, 0.5, 0.8
Pt. With ${studies} studies a rate of 5 % has a standard error of ${(100 * Math.sqrt((0.05 * 0.95) / studies)).toFixed(1)} %.

## Coverage of 95 % intervals, percent, and mean half width, Pt

${coverageTables(coverage)}

## Verdicts: percent of studies that say supported / contradicted / no effect that counts / undecided

${verdictTables(verdicts)}

## Answers in words: percent of studies that claim it, and that claim it falsely

${answerTables(verdicts)}
`;
console.log(text);
console.error(`${minutes} minutes`);
if (options.out !== undefined) {
  const records = [...coverage, ...verdicts].map(({ cell, tally: result }) => ({
    cell: cell.name,
    ...plain(result),
  }));
  writeRecord(options.out, environment, records);
  writeFileSync(join(options.out, 'table.md'), text);
}

function plain({ intervals, verdicts: counts, claims, ...rates }: Tally): object {
  return {
    ...rates,
    intervals: Object.fromEntries(intervals),
    verdicts: Object.fromEntries([...counts].map(([id, each]) => [id, Object.fromEntries(each)])),
    claims: Object.fromEntries(claims),
  };
}
