import { expect, test } from 'vitest';
import { segmentNames } from './segment-names.js';

const names = (...segments: readonly (readonly [weightLayers: string, end: string])[]) =>
  segmentNames(
    segments.map(([weightLayers, end]) => ({ weightLayers: weightLayers.split(' '), end })),
    { name: 'resnet' },
  );

test('one weight layer gives its name, several their module', () => {
  expect(
    names(
      ['conv1', 'maxpool'],
      ['layer1.0.conv1 layer1.0.conv2', 'layer1.0.relu_1'],
      ['layer2.0.conv1 layer2.0.conv2 layer2.0.downsample.0', 'layer2.0.relu_1'],
      ['fc', 'fc'],
    ),
  ).toEqual(['conv1', 'layer1.0', 'layer2.0', 'fc']);
});

test('a module that two segments share names neither', () => {
  expect(
    names(
      ['blocks.0.q blocks.0.k', 'blocks.0.sum1'],
      ['blocks.0.up blocks.0.down', 'blocks.0.sum2'],
    ),
  ).toEqual(['blocks.0.sum1', 'blocks.0.sum2']);
  expect(
    names(['b.0.attn.qkv b.0.attn.proj', 'b.0.add'], ['b.0.mlp.fc1 b.0.mlp.fc2', 'b.0.add_1']),
  ).toEqual(['b.0.attn', 'b.0.mlp']);
});

test('weight layers of different modules are named by the module of the end, or by the end', () => {
  expect(names(['a.conv b.conv', 'join.add'])).toEqual(['join']);
  expect(names(['a.conv b.conv', 'add'])).toEqual(['add']);
  // All layers of a network lie in it: that says nothing.
  expect(names(['resnet.a resnet.b', 'resnet.add'])).toEqual(['resnet.add']);
});

test('names without dots are paths or words, as in Caffe', () => {
  expect(names(['fire2/expand1x1 fire2/expand3x3', 'fire2/concat'])).toEqual(['fire2']);
  expect(names(['res2a_branch1 res2a_branch2a', 'res2a_relu'])).toEqual(['res2a']);
  expect(names(['conv1 conv2', 'sum'])).toEqual(['sum']);
  expect(names(['up down', 'sum'])).toEqual(['sum']);
});
