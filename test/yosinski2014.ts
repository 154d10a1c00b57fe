// The networks of the original study as input of the results table, from
// test/fixtures/yosinski2014.csv.
import { readFileSync } from 'node:fs';
import { parseOriginalName } from '../src/import/caffe/names.js';
import { originalTask } from '../src/import/caffe/tasks.js';
import type { NetworkResult, NetworkState } from '../src/study/results/types.js';

/** Facts of the original study: CaffeNet has 8 weight layers; the paper's statistic is the mean of
 *  the 10 best tests. */
export const originalStudy = {
  name: 'yosinski-2014',
  weightLayers: 8,
  statistic: 'top10',
} as const;

/** The 170 networks; those without a published log are `missing`. */
export function originalNetworks(): NetworkResult[] {
  const path = new URL('./fixtures/yosinski2014.csv', import.meta.url);
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const [name = '', top10, last, state] = row.split(',');
    const network = parseOriginalName(name);
    if (!network) throw new TypeError(`unknown original name ${name}`);
    return {
      ...network,
      state: state as NetworkState,
      accuracy: top10 ? Number(top10) : null,
      finalAccuracy: last ? Number(last) : null,
      testImages: last ? originalTask(network).valImages : null,
      classes: last ? originalTask(network).classes : null,
    };
  });
}
