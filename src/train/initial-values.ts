// First values of parameters: drawn from fillers, or copied from a base.
import type { Json } from '../base/canonical-json.js';
import { RunStoreError } from '../base/errors.js';
import { fillGaussian, streamKey } from '../base/random-stream.js';
import { elementCount, formatType, f32, type HostTensor, sameShape } from '../tensor/tensor.js';
import type { NetworkJob } from './job.js';
import { type Parameter, tensorName } from './parameter.js';

/** The parameter's values at iteration 0.
 *  @param source tensors of the base's weight file; needed for copied parameters
 *  @throws RunStoreError if the source lacks it or has another shape */
export function initialValue(
  member: NetworkJob,
  parameter: Parameter,
  source: Readonly<Record<string, HostTensor>> | null,
): HostTensor {
  if (parameter.origin === 'fresh') return drawn(parameter, member.initStream);
  if (parameter.origin === 'random') return drawn(parameter, member.frozenInitStream);
  const name = tensorName(parameter);
  const tensor = source?.[name];
  if (!tensor || !sameShape(tensor.shape, parameter.blob.shape)) {
    const found = tensor ? formatType(tensor) : 'no such tensor';
    throw new RunStoreError(
      `${member.name}: ${name} in the weights of ${member.source}: found ${found}, wanted f32[${parameter.blob.shape.join(',')}]`,
    );
  }
  return tensor;
}

/** `he`: normal with sd sqrt(2 / fan-in), fan-in = elements of one output's weights. */
function drawn(parameter: Parameter, stream: readonly Json[]): HostTensor {
  const { shape, filler } = parameter.blob;
  const tensor = f32(shape);
  if (filler.type === 'constant') {
    tensor.data.fill(filler.value);
    return tensor;
  }
  const fanIn = elementCount(shape.slice(1));
  const std = filler.type === 'he' ? Math.sqrt(2 / fanIn) : filler.std;
  fillGaussian(tensor.data, streamKey(['init', ...stream, tensorName(parameter)]), std);
  return tensor;
}
