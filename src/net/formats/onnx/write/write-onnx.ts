// A network with its weights as an ONNX file (opset 20, IR 9).
import { create, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { RunStoreError } from '../../../../base/errors.js';
import { ProgramBuilder } from '../../../../program/builder.js';
import { elementCount, type HostTensor, sameShape, type Shape } from '../../../../tensor/tensor.js';
import type { Layer } from '../../../layers/table.js';
import { lowerNetwork } from '../../../lower.js';
import type { Network } from '../../../network.js';
import { GraphOut } from './graph-out.js';
import { movingLayers } from './moves.js';
import { plainLayers } from './plain.js';
import { weightedLayers } from './weighted.js';
import { type BlobOut, type LayerWriter, type LayerWriters, Writing } from './writing.js';

/** How each kind of layer is written; the compiler names one that lacks its row. */
const writers: LayerWriters = { ...weightedLayers, ...plainLayers, ...movingLayers };

/** What the network makes of pixels before its first layer: (pixel - mean) * scale. */
export interface Preparation {
  /** One number a channel, [C], or for each place, [C,H,W]. */
  readonly mean: { readonly shape: Shape; readonly data: Float32Array };
  /** One number, or one a channel. */
  readonly scale: readonly number[];
}

/** A network to write. */
export interface ToWrite {
  readonly network: Network;
  readonly classes: number;
  /** By "<layer>.<blob>". */
  readonly weights: Readonly<Record<string, HostTensor>>;
  /** Written as the first nodes, so that the file takes pixels 0..255; null: it takes what the
   *  network's first layer takes. */
  readonly preparation: Preparation | null;
  /** `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly version: string;
}

/** Bytes above which protobuf's own limit, 2 GiB a message, would be met. */
const MOST_BYTES = 2 ** 31 - 2 ** 20;

/** The file's bytes. Input `data` f32 [N,C,H,W], any N; output f32 [N,classes], logits, by the name
 *  of the layer that gives them. Nodes bear the names of layers, a further node of a layer its
 *  operator after a slash; tensors are "<layer>.<blob>", float32.
 *  @throws RunStoreError if weights are missing or of another shape, or are too large for a file */
export function writeOnnx(toWrite: ToWrite): Uint8Array {
  const { network, classes, preparation, metadata, version } = toWrite;
  const traced = trace(network, classes);
  const blobs = blobsOf(toWrite, traced);
  const reserved = [...blobs].flatMap(([layer, own]) =>
    [...own.keys()].map((name) => `${layer}.${name}`),
  );
  const graph = new GraphOut(['data', ...reserved, ...preparationNames]);
  const input = preparation === null ? 'data' : prepared(graph, preparation);
  const values = new Map([['data', input]]);
  for (const layer of network.layers) {
    const writer = writers[layer.kind] as LayerWriter<Layer>;
    const inputs = layer.inputs.map((name) => ({
      name: values.get(name) as string,
      shape: traced.get(name)?.shape ?? [],
    }));
    const { shape } = traced.get(layer.name) as Traced;
    const own = blobs.get(layer.name) ?? new Map<string, BlobOut>();
    values.set(layer.name, writer(new Writing(graph, { layer, inputs, shape, blobs: own })));
  }
  const { channels, height, width } = network.input;
  const output = values.get(network.output) as string;
  const model = create(ModelProtoSchema, {
    irVersion: 9n,
    producerName: 'selffer',
    producerVersion: version,
    opsetImport: [{ domain: '', version: 20n }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: network.name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: [valueInfo('data', ['N', channels, height, width])],
      output: [valueInfo(output, ['N', classes])],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

interface Traced {
  /** Of its output for one image, rows first. */
  readonly shape: Shape;
  readonly blobs: readonly { readonly name: string; readonly shape: Shape }[];
}

/** Every layer, and `data`, as it is for one image. */
function trace(network: Network, classes: number): ReadonlyMap<string, Traced> {
  const builder = new ProgramBuilder();
  const { channels, height, width } = network.input;
  const input = [1, channels, height, width];
  const traced = new Map<string, Traced>([['data', { shape: input, blobs: [] }]]);
  lowerNetwork(builder, network, builder.feed('data', { dtype: 'f32', shape: input }), {
    mode: 'test',
    classes,
    dropoutStream: [],
    blob: ({ name }, blob) =>
      builder.slot(`${name}.${blob.name}`, { dtype: 'f32', shape: blob.shape }),
    onLayer: ({ name }, output, blobs) =>
      traced.set(name, { shape: builder.typeOf(output).shape, blobs }),
  });
  return traced;
}

/** The blobs of each layer, checked against what the network needs. */
function blobsOf(
  { network, weights }: ToWrite,
  traced: ReadonlyMap<string, Traced>,
): ReadonlyMap<string, ReadonlyMap<string, BlobOut>> {
  const bytes = Object.values(weights).reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
  if (bytes > MOST_BYTES) {
    throw new RunStoreError(
      `network ${network.name}: its weights are ${bytes} bytes, an ONNX file holds at most ${MOST_BYTES}`,
    );
  }
  return new Map(
    [...traced].map(([layer, { blobs }]) => [
      layer,
      new Map(
        blobs.map(({ name, shape }) => {
          const found = weights[`${layer}.${name}`];
          if (found === undefined || !sameShape(found.shape, shape)) {
            throw new RunStoreError(
              `network ${network.name}: ${layer}.${name}: found ${found === undefined ? 'nothing' : `[${found.shape.join(',')}]`} in its weights, wanted [${shape.join(',')}]`,
            );
          }
          return [name, { shape, data: Float32Array.from(found.data) }];
        }),
      ),
    ]),
  );
}

const preparationNames = ['data.mean', 'data.scale'];

/** Nodes that prepare pixels. @returns what they give */
function prepared(graph: GraphOut, { mean, scale }: Preparation): string {
  const { shape, data } = mean;
  const dims = shape.length === 1 ? [...shape, 1, 1] : shape;
  const subtracted = graph.weight('data.mean', [1, ...dims], data);
  const factors = scale.length === 1 ? [] : [1, scale.length, 1, 1];
  const factor = graph.weight('data.scale', factors, Float32Array.from(scale));
  const centred = graph.add({ op: 'Sub', name: 'data/Sub', inputs: ['data', subtracted] });
  return graph.add({ op: 'Mul', name: 'data/Mul', inputs: [centred, factor] });
}

function valueInfo(name: string, dims: readonly (number | string)[]): ValueInfoProto {
  const dim = dims.map((size) => ({
    value:
      typeof size === 'number'
        ? ({ case: 'dimValue', value: BigInt(size) } as const)
        : ({ case: 'dimParam', value: size } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: Type.FLOAT, shape: { dim } } } },
  });
}
