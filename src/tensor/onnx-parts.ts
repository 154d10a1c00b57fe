// Attributes and tensors of ONNX graphs, for whatever writes one.
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type TensorProto,
  TensorProto_DataType as Type,
  TensorProtoSchema,
} from 'onnx-buf';
import type { Shape } from './tensor.js';

/** A value of an attribute, with its type: 1 may be a whole number or not. */
export type AttributeOut =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

/** Attributes by name. */
export type AttributesOut = Readonly<Record<string, AttributeOut>>;

/** An attribute as ONNX has it. */
export function onnxAttribute(name: string, value: AttributeOut): AttributeProto {
  if ('int' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  if ('ints' in value) {
    const ints = value.ints.map(BigInt);
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
  }
  const s = Uint8Array.from(Buffer.from(value.text));
  return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
}

/** A tensor of float32 as ONNX has it. */
export function onnxFloats(name: string, dims: Shape, data: Float32Array): TensorProto {
  const rawData = new Uint8Array(Float32Array.from(data).buffer);
  const dataType = Type.FLOAT;
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

/** A list of int64 as ONNX has it; with dims other than their number, in that shape. */
export function onnxIntegers(
  name: string,
  values: readonly number[],
  dims: Shape = [values.length],
): TensorProto {
  const rawData = new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
  const dataType = Type.INT64;
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}
