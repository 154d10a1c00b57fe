import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { batchSize, initialParameters, minibatch, numClasses, parameterShapes } from './fill.js';
import { type Probe, readRecord } from './record.js';

const record = readRecord();

function probe(array: Float32Array): Probe {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    first: array[0] as number,
    last: array.at(-1) as number,
  };
}

describe('the parity test’s fill', () => {
  it('has the recorded sizes', () => {
    expect([batchSize, numClasses]).toEqual([record.batchSize, record.numClasses]);
    expect(parameterShapes['fc6.weight']).toEqual([256, 1024]);
  });

  it('makes bit-equal initial parameters', () => {
    const probes = Object.entries(initialParameters()).map(([name, a]) => [name, probe(a)]);
    expect(Object.fromEntries(probes)).toEqual(record.fill.parameters);
  });

  it.each(record.fill.minibatches)('makes bit-equal minibatch $iteration', (recorded) => {
    const { images, labels } = minibatch(recorded.iteration);
    expect([...labels]).toEqual(recorded.labels);
    expect(probe(images)).toEqual(recorded.images);
  });
});
