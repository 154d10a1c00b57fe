// ONNX files made in tests, node by node.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType as Type,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** What an attribute can be in tests: whole numbers are ints, `{ float }` is a float. */
export type Written =
  number | string | readonly number[] | TensorProto | { readonly float: number };

/** A tensor of floats or, with `type: 'int'`, of int64. */
export function tensor(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
  type: 'float' | 'int' | 'bool' = 'float',
): TensorProto {
  const numbers = Array.from(values);
  const common = { name, dims: dims.map(BigInt) };
  if (type === 'float') {
    const rawData = new Uint8Array(new Float32Array(numbers).buffer);
    return create(TensorProtoSchema, { ...common, dataType: Type.FLOAT, rawData });
  }
  if (type === 'bool') {
    return create(TensorProtoSchema, {
      ...common,
      dataType: Type.BOOL,
      rawData: Uint8Array.from(numbers),
    });
  }
  const rawData = new Uint8Array(new BigInt64Array(numbers.map(BigInt)).buffer);
  return create(TensorProtoSchema, { ...common, dataType: Type.INT64, rawData });
}

/** A node. */
export function node(
  opType: string,
  input: readonly string[],
  output: string | readonly string[],
  attributes: Readonly<Record<string, Written>> = {},
  others: { readonly name?: string; readonly domain?: string; readonly scopes?: string } = {},
): NodeProto {
  const { name = '', domain = '', scopes } = others;
  return create(NodeProtoSchema, {
    ...{ opType, domain, name, input: [...input], output: [output].flat() },
    attribute: Object.entries(attributes).map(([key, value]) =>
      create(AttributeProtoSchema, { name: key, ...attributeOf(value) }),
    ),
    metadataProps:
      scopes === undefined ? [] : [{ key: 'pkg.torch.onnx.name_scopes', value: scopes }],
  });
}

function attributeOf(value: Written) {
  if (typeof value === 'number') return { type: AttributeType.INT, i: BigInt(value) };
  if (typeof value === 'string') {
    return { type: AttributeType.STRING, s: Uint8Array.from(Buffer.from(value)) };
  }
  if ('float' in value) return { type: AttributeType.FLOAT, f: value.float };
  if ('dims' in value) return { type: AttributeType.TENSOR, t: value };
  return { type: AttributeType.INTS, ints: value.map(BigInt) };
}

/** What a made file holds. */
export interface Made {
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  /** Sizes of the input `x`; texts are left open. */
  readonly input?: readonly (number | string)[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
  readonly producer?: string;
}

/** A model with the input `x` and the output `y`. */
export function madeModel({
  nodes,
  initializers = [],
  input = [1, 3, 8, 8],
  outputs = ['y'],
  opset = 20,
  producer = 'pytorch',
}: Made): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: 9n,
    producerName: producer,
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    graph: {
      name: 'made',
      node: [...nodes],
      initializer: [...initializers],
      input: [valueInfo('x', input)],
      // Their types follow from the nodes.
      output: outputs.map((name) => create(ValueInfoProtoSchema, { name })),
    },
  });
}

function valueInfo(name: string, dims: readonly (number | string)[]) {
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

/** Its bytes. */
export function bytesOf(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}
