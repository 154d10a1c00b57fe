import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlanError } from '../base/errors.js';
import { fewCuts } from './cut-facts.js';
import { cutPoints, layersBelow, segmentsOf } from './cuts.js';
import type { Layer } from './layers/table.js';
import type { Network } from './network.js';
import { presets } from './presets/table.js';

/** A network from "name: input input" lines; names with "w" in them are weight layers. */
function graph(...lines: readonly string[]): Network {
  const layers = lines.map((line): Layer => {
    const [name = '', inputs = ''] = line.split(': ');
    const kind = name.includes('w') ? 'inner-product' : 'relu';
    return { kind, name, inputs: inputs.split(' ') } as Layer;
  });
  return { ...presets.tiny32, layers, output: layers.at(-1)?.name ?? '' };
}

const ends = (network: Network): readonly string[] => segmentsOf(network).map(({ end }) => end);

test('in a chain a segment is a weight layer with the layers without blobs that follow it', () => {
  const { tiny32 } = presets;
  expect(ends(tiny32)).toEqual([
    'norm1',
    'norm2',
    'relu3',
    'relu4',
    'pool5',
    'drop6',
    'drop7',
    'fc8',
  ]);
  expect(segmentsOf(tiny32).map(({ ordinal, name }) => `${ordinal} ${name}`)).toEqual(
    tiny32.layers
      .filter(({ name }) => /conv|fc/.test(name))
      .map(({ name }, at) => `${at + 1} ${name}`),
  );
  expect(layersBelow(tiny32, 0)).toEqual([]);
  expect(layersBelow(tiny32, 1)).toEqual(['conv1', 'relu1', 'pool1', 'norm1']);
  expect(layersBelow(tiny32, 8)).toEqual(tiny32.layers.map(({ name }) => name));
  expect(cutPoints(tiny32)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('n outside 0..L is refused', () => {
  for (const n of [7, -1, 1.5]) expect(() => layersBelow(presets.glyph28, n)).toThrow(PlanError);
});

test('a residual block is one segment, however many weight layers it has', () => {
  const block = graph(
    'stem-w: data',
    'stem: stem-w',
    'a-w1: stem',
    'a-r: a-w1',
    'a-w2: a-r',
    'a-sum: a-w2 stem',
    'a: a-sum',
    'b-w1: a',
    'b-w2: b-w1',
    'b-side-w: a',
    'b-sum: b-w2 b-side-w',
    'fc-w: b-sum',
  );
  expect(segmentsOf(block).map(({ name, end }) => [name, end])).toEqual([
    ['stem-w', 'stem'],
    ['a', 'a'],
    ['b-sum', 'b-sum'],
    ['fc-w', 'fc-w'],
  ]);
  expect(layersBelow(block, 2)).toEqual(['stem-w', 'stem', 'a-w1', 'a-r', 'a-w2', 'a-sum', 'a']);
});

test('the input itself crosses where a later layer reads it', () => {
  expect(ends(graph('a-w: data', 'b-w: a-w', 'c: b-w data', 'd-w: c'))).toEqual(['c', 'd-w']);
});

test('where every layer reads all before it there is no cut but the end', () => {
  const dense = graph('a-w: data', 'b-w: a-w data', 'c-w: b-w a-w data', 'd-w: c-w b-w a-w data');
  expect(ends(dense)).toEqual(['d-w']);
  expect(cutPoints(dense)).toEqual([]);
});

/** Random graphs in which every layer is needed: each reads the one before it and maybe others. */
const graphs = fc
  .array(fc.tuple(fc.boolean(), fc.array(fc.nat(), { maxLength: 2 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((layers) => {
    const names = layers.map(([isWeight], at) => (isWeight || at === 0 ? `w${at}` : `r${at}`));
    const lines = layers.map(([, others], at) => {
      const before = ['data', ...names.slice(0, at)];
      const inputs = [before.at(-1), ...others.map((pick) => before[pick % before.length])];
      return `${names[at]}: ${[...new Set(inputs)].join(' ')}`;
    });
    return graph(...lines);
  });

/** Paths from the input to the output that avoid a layer, counted. */
function pathsAround({ layers, output }: Network, avoided: string): number {
  const paths = new Map([['data', 1]]);
  for (const { name, inputs } of layers) {
    const count = inputs.reduce((sum, input) => sum + (paths.get(input) ?? 0), 0);
    paths.set(name, name === avoided ? 0 : count);
  }
  return paths.get(output) ?? 0;
}

test('every path passes through every segment’s end, and segments are as fine as they can be', () => {
  fc.assert(
    fc.property(graphs, (network) => {
      const segments = segmentsOf(network);
      expect(segments.flatMap(({ layers }) => layers)).toEqual(
        network.layers.map(({ name }) => name),
      );
      for (const { layers, end } of segments) {
        expect(end).toBe(layers.at(-1));
        expect(pathsAround(network, end)).toBe(0);
        const weights = layers.filter((name) => name.startsWith('w'));
        expect(weights.length).toBeGreaterThan(0);
        // No place inside, with a weight layer on either side, is on every path.
        for (const name of layers.slice(0, layers.indexOf(weights.at(-1) as string))) {
          const isAfterWeight = layers
            .slice(0, layers.indexOf(name) + 1)
            .some((each) => each.startsWith('w'));
          if (isAfterWeight) expect(pathsAround(network, name)).toBeGreaterThan(0);
        }
      }
    }),
  );
});

test('a network in which several tensors cross nearly everywhere says so', () => {
  const dense = graph(
    'w0: data',
    ...Array.from({ length: 14 }, (_, i) => `w${i + 1}: w${i} w0`),
    'fcw: w14',
  );
  expect(fewCuts(dense)).toMatch(/^16 weight layers and only 2 cut points: w14 holds 14 of them/);
  expect(fewCuts(presets.caffenet)).toBeNull();
});
