import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parametersOf } from './training.js';
import { initialTensor, minibatch } from './fill.js';
import { type Probe, readRecord, trainedNames } from './record.js';

function probe(array: Float32Array): Probe {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    first: array[0] as number,
    last: array.at(-1) as number,
  };
}

describe.each(trainedNames)('the fill of the parity test of %s', (network) => {
  const record = readRecord(network);

  it('makes bit-equal initial parameters and statistics', () => {
    const probes = parametersOf(network).map(
      ({ name, shape }) => [name, probe(initialTensor(network, name, shape))] as const,
    );
    expect(Object.fromEntries(probes)).toEqual(record.fill.parameters);
  });

  it.each(record.fill.minibatches)('makes bit-equal minibatch $iteration', (recorded) => {
    const { images, labels } = minibatch(recorded.iteration, record);
    expect([...labels]).toEqual(recorded.labels);
    expect(probe(images)).toEqual(recorded.images);
  });
});
