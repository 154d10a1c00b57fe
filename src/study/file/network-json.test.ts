import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomKinds, randomNetwork } from '../../../test/networks/random-network.js';
import { packageFile } from '../../base/package-files.js';
import { layerRules } from '../../net/layers/table.js';
import type { Network } from '../../net/network.js';
import { chain, relu } from '../../net/presets/chain.js';
import { classifier, conv } from '../../net/presets/small.js';
import { presets } from '../../net/presets/table.js';
import { networkJson, readNetworkJson } from './network-json.js';
import { study } from './study-of.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-network-'));
  path = join(folder, 'net.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = chain({ name: 'small', channels: 1, crop: 8, scale: 1 }, [
  conv(1, 2, { kernel: 3 }),
  relu(1),
  classifier(2),
]);

test.each(Object.entries(presets))('%s as JSON is read back as the same network', (_, network) => {
  writeFileSync(path, networkJson(network));
  expect(readNetworkJson(path)).toEqual(network);
});

// Presets have few kinds of layers: the schema could refuse a setting of another.
const random = Array.from({ length: 30 }, (_, seed) => {
  return { ...randomNetwork(seed, 14), name: `random-${seed}` };
});

test('random networks of every kind of layer are written and read back', () => {
  const kinds = new Set(random.flatMap(({ layers }) => layers.map(({ kind }) => kind)));
  expect(kinds).toEqual(new Set(randomKinds));
  for (const network of random) {
    writeFileSync(path, networkJson(network));
    expect(networkJson(readNetworkJson(path))).toBe(networkJson(network));
  }
});

test('the schema knows every kind of layer', () => {
  const schema = JSON.parse(readFileSync(packageFile('schema/network.schema.json'), 'utf8'));
  expect(schema.$defs.layer.properties.kind.enum.toSorted()).toEqual(
    Object.keys(layerRules).toSorted(),
  );
});

/** The message of reading `small` after `change`. */
function problemAfter(change: (written: Written) => void): string {
  const written = JSON.parse(networkJson(small)) as Written;
  change(written);
  writeFileSync(path, JSON.stringify(written, null, 2));
  try {
    readNetworkJson(path);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

type Written = Record<string, unknown> & { layers: Record<string, unknown>[] };

test.each<[string, RegExp, (written: Written) => void]>([
  [
    'a later version',
    /schema: found "selffer.network\/2", wanted/,
    (w) => (w['schema'] = 'selffer.network/2'),
  ],
  [
    'text for a number',
    /net\.json:\d+:\d+: layers\.0\.outputs: found "two", wanted classes or a whole number/,
    (w) => (w.layers[0]!['outputs'] = 'two'),
  ],
  [
    'a missing key',
    /net\.json:\d+:\d+: layers\.0: "kernel" is missing/,
    (w) => delete w.layers[0]!['kernel'],
  ],
  ['an unknown key', /found unknown key of layers\.1 "ratio"/, (w) => (w.layers[1]!['ratio'] = 1)],
  [
    'an unknown kind',
    /layers\.1\.kind: found "rellu", wanted one of .*did you mean relu/,
    (w) => (w.layers[1]!['kind'] = 'rellu'),
  ],
  [
    'a filler without its number',
    /filler: "std" is missing/,
    (w) => (w.layers[0]!['weight'] = { filler: { type: 'gaussian' }, lrMult: 1, decayMult: 1 }),
  ],
  [
    'an input that is not there',
    /its input "conv9" does not exist/,
    (w) => (w.layers[1]!['inputs'] = ['conv9']),
  ],
  ['no layers', /layers: found \[\], wanted at least 1 items/, (w) => (w.layers = [])],
  ['a kernel of nothing', /kernel/, (w) => (w.layers[0]!['kernel'] = 0)],
  [
    'a function that nobody knows',
    /function/,
    (w) =>
      (w.layers[1] = { kind: 'activation', name: 'relu1', function: 'magic', inputs: ['conv1'] }),
  ],
])('%s is said with its place', (_, message, change) => {
  expect(problemAfter(change)).toMatch(message);
});

test('a file that is not JSON, or not there', () => {
  writeFileSync(path, '{"schema": ');
  expect(() => readNetworkJson(path)).toThrow(/net\.json:1/);
  expect(() => readNetworkJson(join(folder, 'none.json'))).toThrow(/does not exist/);
});

test.each<[string, RegExp, unknown]>([
  ['no network', /found what is no network/, { name: 'x' }],
  ['a preset’s name', /with the name of the preset tiny32/, { ...small, name: 'tiny32' }],
  ['the name of a file', /found the name "x.onnx"/, { ...small, name: 'x.onnx' }],
  ['nothing', /the study: "network"|network: found null/, null],
  ['no name', /"name" is missing/, { ...small, name: undefined }],
  [
    'a layer without what it needs',
    /layers\.0/,
    { ...small, layers: [{ kind: 'dropout', name: 'd', inputs: ['data'] }] },
  ],
  ['an output that is not there', /no layer is named "z"/, { ...small, output: 'z' }],
])('a program’s network with %s is refused', (_, message, network) => {
  const keys = { name: 's', data: { source: 'images', size: 8 }, network: network as Network };
  expect(() => study(keys)).toThrow(message);
});

test('a preset may be given as itself', () => {
  const keys = { name: 's', data: { source: 'images' } };
  expect(study({ ...keys, network: presets.tiny32 })).toEqual(
    study({ ...keys, network: 'tiny32' }),
  );
});
