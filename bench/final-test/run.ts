// Do the final test's intervals hold what they say? Simulated advices of known truth, and the
// paired interval exactly.
//   npm run bench:final-test -- [--advices N] [--seed N] [--out DIR]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';
import { writeRecord } from '../write-record.js';
import { exactCoverage } from './exact.js';
import { simulate, type World } from './world.js';

const { values: options } = parseArgs({
  options: {
    advices: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const [advices, seed] = [Number(options.advices), Number(options.seed)];
const environment = { ...describeEnvironment('bench:final-test', 1), advices, seed };

const worlds: readonly World[] = [16, 32, 60, 200, 1000].flatMap((images) =>
  [0.05, 0.3, 0.7, 0.9, 0.98].flatMap((accuracy) =>
    [0, 0.3].flatMap((spread) => [0.5, 0.9].map((alike) => ({ images, accuracy, spread, alike }))),
  ),
);
const simulated = worlds.map((world) => ({
  world,
  ...simulate(world, world.images < 1000 ? advices : Math.ceil(advices / 4), seed),
}));

// Shares of the images that one of the two alone gets right.
const pairs = [
  [0.005, 0.005],
  [0.02, 0.02],
  [0.05, 0.05],
  [0.15, 0.15],
  [0.03, 0.005],
  [0.1, 0.02],
  [0.2, 0.05],
  [0.4, 0.1],
] as const;
const exact = [16, 32, 60, 200].flatMap((images) =>
  pairs.map(([p10, p01]) => ({ images, p10, p01, coverage: exactCoverage(images, p10, p01) })),
);

const percent = (share: number): string => (100 * share).toFixed(1);
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const rows = simulated.map(({ world, ...found }) =>
  line([
    ...[world.images, percent(world.accuracy), world.spread, world.alike],
    percent(found.differencesHeld / found.differences),
    percent(found.sharesHeld / found.advices),
    percent(found.falseClaims / found.advices),
  ]),
);
const exactRows = exact.map(({ images, p10, p01, coverage }) =>
  line([images, percent(p10), percent(p01), percent(coverage)]),
);
const text = `# The final test of an advice, against known truth

${advices} advices a row (a quarter with 1000 images), seed ${seed}; all figures in percent. "Differences" and "own": 95 %
intervals that hold the truth. "False": advices that call some rival better or worse that is not.

| images | accuracy | spread | alike | differences | own | false |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## The paired interval exactly

| images | first alone right | second alone right | coverage |
| --- | --- | --- | --- |
${exactRows.join('\n')}
`;
console.log(text);
if (options.out !== undefined) {
  writeRecord(options.out, environment, [...simulated, ...exact]);
  writeFileSync(join(options.out, 'table.md'), text);
}
