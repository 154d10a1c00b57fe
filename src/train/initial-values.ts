// First values of parameters: drawn from fillers, copied, or drawn like what would be copied.
import type { Json } from '../base/canonical-json.js';
import { RunStoreError } from '../base/errors.js';
import { fillGaussian, fillUniform, streamKey } from '../base/random-stream.js';
import {
  elementCount,
  formatType,
  f32,
  type HostTensor,
  sameShape,
  type Shape,
} from '../tensor/tensor.js';
import { factsOf } from '../net/facts.js';
import type { FanNorm } from '../net/layers/blob.js';
import type { Network } from '../net/network.js';
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
  if (parameter.origin === 'fresh') return freshValue(parameter, member.initStream);
  if (parameter.origin === 'random') return freshValue(parameter, member.frozenInitStream);
  const name = tensorName(parameter);
  const tensor = source?.[name];
  if (!tensor || !sameShape(tensor.shape, parameter.blob.shape)) {
    const found = tensor ? formatType(tensor) : 'no such tensor';
    throw new RunStoreError(
      `${member.name}: ${name} in the weights of ${member.source}: found ${found}, wanted f32[${parameter.blob.shape.join(',')}]`,
    );
  }
  return parameter.origin === 'moments' ? drawnLike(tensor, parameter, member.initStream) : tensor;
}

/** Fresh weights of a whole network, each drawn as its layer says.
 *  @param stream names the stream   @returns tensors by "<layer>.<blob>" */
export function freshWeights(
  network: Network,
  classes: number,
  stream: readonly Json[],
): Readonly<Record<string, HostTensor>> {
  const named = [...factsOf(network, classes)].flatMap(([layer, { blobs }]) =>
    blobs.map((blob) => [`${layer}.${blob.name}`, freshValue({ layer, blob }, stream)] as const),
  );
  return Object.fromEntries(named);
}

/** Gaussians with the mean and the standard deviation (divided by N) of all elements of a tensor:
 *  the "Mean Var" initialisation of Raghu et al. 2019, Transfusion, section 4. */
function drawnLike(
  { data: like }: HostTensor,
  parameter: Parameter,
  stream: readonly Json[],
): HostTensor {
  const { data, ...tensor } = f32(parameter.blob.shape);
  const [mean, deviation] = momentsOf(like);
  fillGaussian(data, streamKey(['init', ...stream, tensorName(parameter)]), deviation);
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + mean;
  return { ...tensor, data };
}

function momentsOf(data: HostTensor['data']): readonly [mean: number, deviation: number] {
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) ** 2;
  return [mean, Math.sqrt(squares / data.length)];
}

/** Values of a blob as its filler draws them from the stream of a network. */
export function freshValue(
  parameter: Pick<Parameter, 'layer' | 'blob'>,
  stream: readonly Json[],
): HostTensor {
  const { shape, filler } = parameter.blob;
  const { data, ...tensor } = f32(shape);
  const key = streamKey(['init', ...stream, tensorName(parameter)]);
  switch (filler.type) {
    case 'constant':
      data.fill(filler.value);
      break;
    case 'gaussian':
      fillGaussian(data, key, filler.std);
      break;
    case 'uniform':
      fillUniform(data, key, filler.min, filler.max);
      break;
    case 'he':
      fillGaussian(data, key, Math.sqrt(2 / fanOf(shape, filler.norm)));
      break;
    case 'xavier': {
      const bound = Math.sqrt(3 / fanOf(shape, filler.norm));
      fillUniform(data, key, -bound, bound);
    }
  }
  return { ...tensor, data };
}

/** n of the fillers that divide by it, as Caffe counts: for weights [O,I,...], fan-in is all but O,
 *  fan-out all but I. */
function fanOf(shape: Shape, norm: FanNorm = 'fan-in'): number {
  const fanIn = elementCount(shape.slice(1));
  const fanOut = elementCount(shape) / (shape[1] ?? 1);
  return { 'fan-in': fanIn, 'fan-out': fanOut, average: (fanIn + fanOut) / 2 }[norm];
}
