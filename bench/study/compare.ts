// Two folders of the same study, network by network: mean difference of final accuracy with its 90
// % interval, over networks and over the (split, target) clusters in which networks share bases,
// minibatches and validation images.
// Usage: npm run bench:compare -- DIR_A DIR_B [--out FILE.json]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tInterval } from '../../src/stats/interval.js';
import { mean } from '../../src/stats/mean.js';
import { pairedDifference } from './pairing.js';

interface Row {
  readonly name: string;
  readonly split: string;
  readonly target: string;
  readonly finalAccuracy: number | null;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' } },
});
if (positionals.length !== 2) throw new Error('wanted two study folders');

const rowsOf = (folder: string): readonly Row[] =>
  (JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as { networks: Row[] }).networks;
const accuraciesOf = (rows: readonly Row[]): ReadonlyMap<string, number> =>
  new Map(
    rows.flatMap(({ name, finalAccuracy }) =>
      finalAccuracy === null ? [] : [[name, finalAccuracy] as const],
    ),
  );

const [a, b] = positionals.map(rowsOf) as [readonly Row[], readonly Row[]];
const [ofA, ofB] = [accuraciesOf(a), accuraciesOf(b)];
const clusters = new Map<string, Row[]>();
for (const row of a) {
  const key = `${row.split} ${row.target}`;
  clusters.set(key, [...(clusters.get(key) ?? []), row]);
}
const clusterMeans = [...clusters.values()].flatMap((rows) => {
  const { meanPt } = pairedDifference(accuraciesOf(rows), ofB);
  return meanPt === null ? [] : [meanPt];
});
const summary = {
  difference: 'second minus first, percentage points',
  overNetworks: pairedDifference(ofA, ofB),
  overClusters: {
    clusters: clusterMeans.length,
    meanPt: mean(clusterMeans),
    interval: tInterval(clusterMeans, 0.9),
    means: clusterMeans,
  },
};
console.log(JSON.stringify(summary, null, 1));
if (values.out !== undefined) {
  const both = [...ofA].map(([name, value]) => [name, [value, ofB.get(name)]]);
  const result = { ...summary, accuracies: Object.fromEntries(both) };
  writeFileSync(values.out, `${JSON.stringify(result, null, 1)}\n`);
}
