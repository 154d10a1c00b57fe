import { expect, test } from 'vitest';
import { checkNetwork } from '../check.js';
import { segmentsOf } from '../cuts.js';
import { weightLayers } from '../network.js';
import { factsOf } from '../facts.js';
import type { Network } from '../network.js';
import { stageCuts } from '../stages.js';
import { type PresetName, presets } from './table.js';

const parameterCounts = (network: Network, classes: number): readonly number[] =>
  [...factsOf(network, classes).values()]
    .map(({ parameters }) => parameters)
    .filter((count) => count > 0);
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

test.each(Object.values(presets))('$name is a valid network', (network) => {
  expect(() => checkNetwork(network, 20)).not.toThrow();
  expect(network.layers.at(-1)).toMatchObject({ kind: 'inner-product', outputs: 'classes' });
});

test.each(['glyph28', 'tiny32', 'alex64', 'caffenet'] as const)(
  'the last layer of %s is named by its number',
  (name) => {
    const network = presets[name];
    expect(network.layers.at(-1)?.name).toBe(`fc${weightLayers(network).length}`);
  },
);

const segments = (name: PresetName): readonly string[] =>
  segmentsOf(presets[name]).map((segment) => segment.name);

test('networks with branches are cut after their blocks', () => {
  expect(segments('resnet18').join(' ')).toBe(
    'conv1 layer1.0 layer1.1 layer2.0 layer2.1 layer3.0 layer3.1 layer4.0 layer4.1 fc',
  );
  expect(segments('resnet50')).toHaveLength(18);
  expect(segments('vgg11-bn')).toHaveLength(11);
  expect(segments('mobilenet-v2')).toHaveLength(33);
  expect(segments('efficientnet-b0')).toHaveLength(39);
  expect(segments('vit-tiny32').slice(0, 4)).toEqual([
    'patch_embed.proj',
    'blocks.0.attn',
    'blocks.0.mlp',
    'blocks.1.attn',
  ]);
});

test('stages are the last cuts at each size', () => {
  const names = (name: PresetName): string =>
    stageCuts(presets[name])
      .map((n) => segments(name)[n - 1])
      .join(' ');
  expect(names('resnet18')).toBe('layer1.1 layer2.1 layer3.1 layer4.1');
  expect(names('resnet20')).toBe('layer1.2 layer2.2 layer3.2');
});

test('caffenet has the parameters of the paper’s network', () => {
  const counts = parameterCounts(presets.caffenet, 1000);
  expect(counts).toEqual([
    34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000,
  ]);
  expect(total(counts)).toBe(60_965_224);
});

test('caffenet has the activation shapes of the paper’s network', () => {
  const facts = factsOf(presets.caffenet, 1000);
  const at = (name: string): string => (facts.get(name)?.shape ?? []).join('x');
  expect(['conv1', 'norm1', 'conv2', 'norm2', 'conv3', 'conv4', 'conv5', 'pool5'].map(at)).toEqual([
    '96x55x55',
    '96x27x27',
    '256x27x27',
    '256x13x13',
    '384x13x13',
    '384x13x13',
    '256x13x13',
    '256x6x6',
  ]);
});

test('caffenet starts the biases of conv2, conv4, conv5, fc6 and fc7 at 1', () => {
  const ones = weightLayers(presets.caffenet)
    .filter(({ bias }) => bias?.filler.type === 'constant' && bias.filler.value === 1)
    .map(({ name }) => name);
  expect(ones).toEqual(['conv2', 'conv4', 'conv5', 'fc6', 'fc7']);
});

// By hand: weights outputs * inputs / groups * kernel^2, plus biases.
test('the small presets have the parameters of their tables', () => {
  expect(parameterCounts(presets.glyph28, 26)).toEqual([
    416, 12_832, 13_872, 20_784, 55_424, 3_354,
  ]);
  expect(parameterCounts(presets.tiny32, 10)).toEqual([
    2_432, 51_264, 55_392, 83_040, 55_360, 262_400, 65_792, 2_570,
  ]);
  expect(parameterCounts(presets.alex64, 40)).toEqual([
    9_472, 204_928, 221_376, 331_968, 221_312, 590_336, 262_656, 20_520,
  ]);
});
