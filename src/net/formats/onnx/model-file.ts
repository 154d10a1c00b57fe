// An ONNX file as a graph: decoded, its version and its tensors checked.
import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { ParseError } from '../../../base/errors.js';
import { onFile } from '../../../base/system-error.js';
import { type Graph, graphOf } from './graph.js';
import { TensorFiles } from './stored-tensor.js';

/** Versions of ONNX's operators that are read. */
const OPSETS = { first: 7, last: 23 };

/** What a file says of itself. */
export interface ModelFile {
  readonly graph: Graph;
  /** "pytorch 2.15.0"; empty if it does not say. */
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads a file; weights stay where they are until they are wanted.
 *  @throws ParseError, FileError if it is not an ONNX file, or its tensors are not there */
export function readModel(path: string): ModelFile {
  const model = decoded(path, bytesOf(path));
  const fail = (messages: readonly string[]): never => {
    throw new ParseError(messages.map((message) => ({ file: path, message })));
  };
  const opset = Number(
    model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
  );
  if (model.graph === undefined || model.graph.node.length === 0) {
    return fail(['found no graph in it, wanted an ONNX file of a network']);
  }
  if (opset < OPSETS.first || opset > OPSETS.last) {
    return fail([
      `found operators of version ${opset} (opset), wanted ${OPSETS.first} to ${OPSETS.last}: export it with opset_version=20, or convert it with onnx.version_converter`,
    ]);
  }
  const problems = new Map<string, string>();
  const graph = graphOf(model, opset, new TensorFiles(path, problems));
  if (problems.size > 0) fail([...problems.values()]);
  return {
    graph,
    producer: [model.producerName, model.producerVersion].join(' ').trim(),
    metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])),
  };
}

function bytesOf(path: string): Uint8Array {
  return onFile(path, () => readFileSync(path));
}

function decoded(path: string, bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    const message = `not an ONNX file, or damaged: ${(error as Error).message}`;
    throw new ParseError([{ file: path, message }], { cause: error });
  }
}
