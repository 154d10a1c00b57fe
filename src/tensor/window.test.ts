import { expect, test } from 'vitest';
import { convolvedSize, pooledSize } from './window.js';

test('convolution rounds down, pooling up', () => {
  expect(convolvedSize(227, { kernel: 11, stride: 4, pad: 0 })).toBe(55);
  expect(convolvedSize(56, { kernel: 7, stride: 2, pad: 3 })).toBe(28);
  expect(pooledSize(55, { kernel: 3, stride: 2, pad: 0 })).toBe(27);
  expect(pooledSize(28, { kernel: 3, stride: 2, pad: 0 })).toBe(14);
  expect(pooledSize(7, { kernel: 3, stride: 2, pad: 0 })).toBe(3);
});

test('no pooling window lies wholly outside the image', () => {
  expect(pooledSize(4, { kernel: 1, stride: 2, pad: 0 })).toBe(2);
  expect(pooledSize(5, { kernel: 1, stride: 2, pad: 0 })).toBe(3);
  expect(pooledSize(3, { kernel: 2, stride: 2, pad: 1 })).toBe(2);
});
