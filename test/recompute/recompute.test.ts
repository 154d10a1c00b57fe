// results.json against an independent computation of every number in it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { madeRateStudy, makeRateNetworks } from '../made-rates.js';
import { madeAccuracy, makeNetworks } from '../made-study.js';
import { originalNetworks, originalStudy } from '../yosinski2014.js';
import { buildResults } from '../../src/study/results/build.js';
import { formatResults } from '../../src/study/results/json.js';
import { parseResults } from '../../src/study/results/parse.js';
import type { NetworkResult, Results } from '../../src/study/results/types.js';
import { noPython, recompute } from './run-recompute.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-recompute-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const kept = (name: string) =>
  fileURLToPath(new URL(`../../docs/studies/${name}/results.json`, import.meta.url));
const read = (name: string) => buildResults(parseResults(readFileSync(kept(name), 'utf8')));
const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;

// Some networks dead, failed, or not there, so that units differ in what they have.
function damaged(networks: readonly NetworkResult[]): NetworkResult[] {
  const states = { 5: 'dead', 11: 'failed', 17: 'waiting' } as const;
  return networks.map((each, i): NetworkResult => {
    const state = states[(i % 23) as keyof typeof states];
    const counted = { ...each, testImages: 1000, classes: 20 };
    if (state === undefined || each.treatment === 'base') return counted;
    return { ...counted, state, accuracy: state === 'dead' ? 0.05 : null };
  });
}

// At every rate others, and equal ones on the selection images among them.
const damagedRates = (networks: readonly NetworkResult[]): NetworkResult[] =>
  damaged(networks).map((each, i): NetworkResult => {
    const selectionAccuracy = ((7 * i) % 5) / 10 + 0.2;
    if (each.state === 'done') return { ...each, selectionAccuracy };
    if (each.state === 'dead') return { ...each, selectionAccuracy: 0.05 };
    const open = { ...each };
    delete (open as { selectionAccuracy?: number }).selectionAccuracy;
    return open;
  });

const accuracy = (network: NetworkResult) =>
  madeAccuracy(6)(network) + (network.treatment === 'AnB' && network.target === 'B' ? -0.1 : 0);
const made = (splits: number, repeats: number, layers: readonly number[]) =>
  damaged(makeNetworks({ weightLayers: 6, splits, repeats, layers, accuracy }));
const unlike = made(1, 4, [1, 2, 3, 4, 5]).map((each): NetworkResult => ({
  ...each,
  family: 'two-sets',
  split: 'two-sets',
}));

const studies: Readonly<Record<string, () => Results>> = {
  'the original of 2014': () =>
    buildResults({ study: originalStudy, networks: originalNetworks() }),
  'tiny-everything': () => read('tiny-everything'),
  'tiny-preserved': () => read('tiny-preserved'),
  'tiny-reduced': () => read('tiny-reduced'),
  'two splits, three repeats, layers 3 and 5': () =>
    buildResults({ study, networks: made(2, 3, [3, 5]) }),
  'five splits, two repeats': () => buildResults({ study, networks: made(5, 2, [1, 2, 4, 5]) }),
  'two unlike sets, four repeats, beside random halves': () =>
    buildResults({ study, networks: [...unlike, ...made(4, 1, [1, 3, 5])] }),
  'two unlike sets alone': () => buildResults({ study, networks: unlike }),
  'three learning rates, some networks dead, failed or waiting': () =>
    buildResults({ study: madeRateStudy, networks: damagedRates(makeRateNetworks(5)) }),
  'three learning rates, two splits': () =>
    buildResults({ study: madeRateStudy, networks: damagedRates(makeRateNetworks(2)) }),
  nothing: () => buildResults({ study, networks: [] }),
};

describe.skipIf(noPython !== null)('results.json, recomputed by another program', () => {
  it.each(Object.keys(studies))('%s', (name) => {
    const path = join(folder, 'results.json');
    writeFileSync(path, formatResults((studies[name] as () => Results)()));
    const { status, text } = recompute(path);
    expect(text).toMatch(/^(\d+) of \1 agree/);
    expect(status).toBe(0);
  });

  it('names a choice that is not the one', () => {
    const path = join(folder, 'results.json');
    const right = buildResults({ study: madeRateStudy, networks: makeRateNetworks(4) });
    const [first] = right.notChosen ?? [];
    writeFileSync(
      path,
      formatResults({
        ...right,
        notChosen: (right.notChosen ?? []).map((each) =>
          each === first ? { ...each, selectionAccuracy: 0.99 } : each,
        ),
      }),
    );
    const found = recompute(path);
    expect(found.status).toBe(1);
    expect(found.text).toMatch(/^chosen of .*: the file has False, recomputed True/m);
  });

  it('names a number that is off', () => {
    const path = join(folder, 'results.json');
    const text = formatResults(read('tiny-everything'));
    const number = /"meanPt":(-?\d+\.\d{4})/;
    writeFileSync(
      path,
      text.replace(number, (_, digits: string) => `"meanPt":${digits}1`),
    );
    const found = recompute(path);
    expect(found.status).toBe(1);
    expect(found.text).toMatch(/^comparisons\[.*\]\.meanPt: the file has .*, recomputed /);
  });
});

it.runIf(noPython !== null)('results.json is not recomputed here', ({ skip }) => {
  skip(noPython ?? '');
});
