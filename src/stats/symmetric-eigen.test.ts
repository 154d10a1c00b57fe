import { describe, expect, test } from 'vitest';
import { streamKey, fillGaussian } from '../base/random-stream.js';
import { symmetricEigen } from './symmetric-eigen.js';

function randomSymmetric(n: number, rank = n): Float64Array {
  const draws = new Float32Array(n * rank);
  fillGaussian(draws, streamKey(['eigen', n, rank]), 1);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) {
        sum += (draws[i * rank + k] as number) * (draws[j * rank + k] as number);
      }
      out[i * n + j] = sum;
    }
  }
  return out;
}

describe('eigenvectors of a symmetric matrix', () => {
  test.each([
    [1, 1],
    [2, 2],
    [7, 7],
    [40, 40],
    [40, 5],
    [12, 0],
  ])('%i x %i of rank %i: A v = lambda v, orthonormal, descending', (n, rank) => {
    const matrix = randomSymmetric(n, rank);
    const { values, vectors } = symmetricEigen(matrix, n);
    for (let i = 0; i < n; i++) {
      if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1] as number);
      for (let row = 0; row < n; row++) {
        let product = 0;
        for (let k = 0; k < n; k++) {
          product += (matrix[row * n + k] as number) * (vectors[i * n + k] as number);
        }
        expect(product).toBeCloseTo((values[i] as number) * (vectors[i * n + row] as number), 9);
      }
      for (let j = 0; j <= i; j++) {
        let inner = 0;
        for (let k = 0; k < n; k++) {
          inner += (vectors[i * n + k] as number) * (vectors[j * n + k] as number);
        }
        expect(inner).toBeCloseTo(i === j ? 1 : 0, 10);
      }
    }
  });

  test('by hand: [[2, 1], [1, 2]] has 3 and 1', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(Array.from(values)).toEqual([
      expect.closeTo(3, 12) as number,
      expect.closeTo(1, 12) as number,
    ]);
    expect((vectors[0] as number) / (vectors[1] as number)).toBeCloseTo(1, 12);
  });
});
