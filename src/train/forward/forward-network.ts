// A trained network that is only looked at: its forward pass as it is tested, and what comes out at
// its cuts.
import { RunStoreError } from '../../base/errors.js';
import type { ImageForm } from '../../data/image-form.js';
import type { Minibatch } from '../../data/image-set.js';
import type { TestBatchOptions } from '../../data/minibatch/minibatch.js';
import type { Executable, Executor } from '../../executors/executor.js';
import { segmentsOf } from '../../net/cuts.js';
import { lowerNetwork } from '../../net/lower.js';
import type { Network } from '../../net/network.js';
import { ProgramBuilder } from '../../program/builder.js';
import type { Program, ValueId } from '../../program/types.js';
import {
  elementCount,
  formatType,
  f32,
  type HostTensor,
  sameShape,
  type Shape,
} from '../../tensor/tensor.js';
import { feedsOf } from '../feeds.js';
import { meanSlot } from '../gang-program.js';
import { pooledFeatures } from './pooled-features.js';

/** Tensors by "<layer>.<blob>", as weight files have them. */
export type NamedTensors = Readonly<Record<string, HostTensor>>;

/** What can be asked of a network: `features` f32 [N,D] at each end (see `pooledFeatures`); `grams`
 *  f32 [N,N] at each end, the inner products of the images' whole activations; `answers` i32 [N], 1
 *  for each image whose largest logit is at its label. */
export type Look = 'features' | 'grams' | 'answers';

/** A network to look at. */
export interface ForwardOptions {
  readonly network: Network;
  /** Outputs of layers that have as many as there are classes. */
  readonly classes: number;
  readonly weights: NamedTensors;
  /** What is subtracted from pixels, f32 [C,H,W] in the form of the stored images. */
  readonly mean: Float32Array;
  readonly images: ImageForm;
  readonly batch: number;
  /** Ordinals of the segments at whose ends it is looked; L, the number of segments, means the
   *  logits. */
  readonly ends: readonly number[];
  readonly looks: readonly Look[];
}

/** An open network. One call at a time. */
export interface ForwardNetwork {
  /** How minibatches for it are cut. */
  readonly takes: TestBatchOptions;
  /** What leaves each segment for one image, by ordinal: [C,H,W], [T,D] or [D]. */
  readonly shapes: ReadonlyMap<number, Shape>;
  /** One of the looks that it was opened for.
   *  @returns at each end, by ordinal; `answers`: at L alone
   *  @throws NativeError, DataError for a label out of range (`answers` alone reads labels) */
  look(look: Look, minibatch: Minibatch): Promise<ReadonlyMap<number, HostTensor>>;
  /** Puts other weights in the place of some. @throws RunStoreError as opening does */
  write(weights: NamedTensors): Promise<void>;
  dispose(): void;
}

/** Compiles a network's forward pass in fp32, in test mode (no dropout, batch norm by its running
 *  statistics), up to the last end that is asked for, and fills it.
 *  @throws RunStoreError if the weights lack a tensor or have it in another shape; ShapeError,
 *  UnsupportedOpError, NativeError as compiling does */
export async function openForwardNetwork(
  options: ForwardOptions,
  executor: Executor,
): Promise<ForwardNetwork> {
  const { images, looks, mean } = options;
  const programs = Object.fromEntries(looks.map((look) => [look, buildProgram(options, look)]));
  const entries = Object.fromEntries(
    Object.entries(programs).map(([look, { program }]) => [look, program]),
  );
  const executable = await executor.compile(entries, { precision: 'fp32', exact: false });
  const [{ blobs, shapes } = { blobs: new Map(), shapes: new Map() }] = Object.values(programs);
  try {
    const { channels, height, width } = images;
    await executable.write(MEAN, f32([channels, height, width], mean));
    await fill(executable, options, blobs, [...blobs.keys()]);
  } catch (error) {
    executable.dispose();
    throw error;
  }
  const { height, width } = options.network.input;
  return {
    takes: { batch: options.batch, crop: { height, width } },
    shapes,
    look: async (look, minibatch) => {
      const outputs = await executable.run(look, feedsOf(minibatch), {});
      const ends = Object.entries(outputs).map(([end, tensor]) => [Number(end), tensor] as const);
      return new Map(ends);
    },
    write: (weights) => fill(executable, { ...options, weights }, blobs, Object.keys(weights)),
    dispose: () => executable.dispose(),
  };
}

const MEAN = meanSlot('of the weights');

async function fill(
  executable: Executable,
  { network, weights }: Pick<ForwardOptions, 'network' | 'weights'>,
  blobs: ReadonlyMap<string, Shape>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const wanted = blobs.get(name);
    // Of layers above the last end nothing is computed.
    if (wanted === undefined) continue;
    const tensor = weights[name];
    if (!tensor || !sameShape(tensor.shape, wanted)) {
      const found = tensor ? formatType(tensor) : 'no such tensor';
      throw new RunStoreError(
        `network ${network.name}: ${name} in the weights: found ${found}, wanted f32[${wanted.join(',')}]`,
      );
    }
    await executable.write(name, tensor);
  }
}

/** A look's program, with the blobs that it reads and what leaves each end for one image. */
interface Built {
  readonly program: Program;
  readonly blobs: ReadonlyMap<string, Shape>;
  readonly shapes: ReadonlyMap<number, Shape>;
}

function buildProgram(options: ForwardOptions, look: Look): Built {
  const { network, classes, images, batch } = options;
  const builder = new ProgramBuilder();
  const id = builder.network(network.name);
  const { height, width } = network.input;
  const { channels } = images;
  const crops = builder.feed('crops', { dtype: 'u8', shape: [batch, channels, height, width] });
  const windows = builder.feed('windows', { dtype: 'i32', shape: [batch, 3] });
  const meanShape = [channels, images.height, images.width];
  const mean = builder.slot(MEAN, { dtype: 'f32', shape: meanShape });
  const x = builder.apply('normalise', { scale: network.input.scale }, [crops, windows, mean]);
  const blobs = new Map<string, Shape>();
  const outputs = new Map<string, ValueId>();
  lowerNetwork(builder, upToEnd(options), x, {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: (layer, { name, shape }) => {
      blobs.set(`${layer.name}.${name}`, shape);
      return builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape });
    },
    onLayer: ({ name }, output) => outputs.set(name, output),
  });
  const shapes = new Map<number, Shape>();
  for (const { ordinal, end } of segmentsOf(network)) {
    const value = outputs.get(end);
    if (value === undefined) continue;
    shapes.set(ordinal, builder.typeOf(value).shape.slice(1));
    if (!isLookedAt(options, look, ordinal)) continue;
    builder.output(`${ordinal}`, lookers[look](builder, value), id);
  }
  return { program: builder.finish(), blobs, shapes };
}

/** What a look makes of what crosses at an end. */
const lookers: Readonly<Record<Look, (builder: ProgramBuilder, value: ValueId) => ValueId>> = {
  features: pooledFeatures,
  grams: (builder, value) => {
    const { shape } = builder.typeOf(value);
    const [images = 0] = shape;
    const flat = { shape: [images, elementCount(shape) / images] };
    const rows = shape.length === 2 ? value : builder.apply('reshape', flat, [value]);
    return builder.apply('matmul', { transposeB: true }, [rows, rows]);
  },
  answers: (builder, logits) => {
    const [images = 0] = builder.typeOf(logits).shape;
    const labels = builder.feed('labels', { dtype: 'i32', shape: [images] });
    return builder.apply('top1_correct', { rows: true }, [logits, labels]);
  },
};

function isLookedAt({ network, ends }: ForwardOptions, look: Look, ordinal: number): boolean {
  return look === 'answers' ? ordinal === segmentsOf(network).length : ends.includes(ordinal);
}

/** The network without what lies above the last end that is looked at. */
function upToEnd({ network, ends, looks }: ForwardOptions): Network {
  if (looks.includes('answers')) return network;
  const output = segmentsOf(network)[Math.max(...ends) - 1]?.end ?? network.output;
  const last = network.layers.findIndex(({ name }) => name === output);
  return { ...network, layers: network.layers.slice(0, last + 1), output };
}
