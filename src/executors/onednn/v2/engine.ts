// The oneDNN 2.x binding behind the interface of ../engine.ts.
import koffi from 'koffi';
import type { Layout, OneDnnEngine, Primitive } from '../engine.js';
import type { OneDnnLibrary } from '../library.js';
import { instructionSetName } from '../binding/abi.js';
import { MEMORY_DESC_BYTES } from './abi.js';
import { batchNorm } from './batch-norm.js';
import { chain } from './chain.js';
import { convolution } from './convolution.js';
import {
  accumulate,
  binary,
  eltwise,
  eltwiseBackward,
  relu,
  reluBackward,
  reorder,
  sum,
} from './elementwise.js';
import { innerProduct } from './inner-product.js';
import { dimsArray } from '../binding/blocks.js';
import { makeLayout, makeStrided, readLayout, type V2Layout } from './layout.js';
import { lrn } from './lrn.js';
import { layerNorm } from './layer-norm.js';
import { concat, matmul, softmax, softmaxBackward } from './matrix.js';
import { pooling } from './pooling.js';
import { created, type NativePrimitive } from '../binding/primitive.js';
import { descriptorBytes, type V2Context } from './attributes.js';
import { resolveSymbols, type Symbols } from './symbols.js';

const CPU = 1;
const IN_ORDER = 1;

/** Opens a CPU engine with one in-order stream. @throws NativeError */
export function createV2Engine(library: OneDnnLibrary): OneDnnEngine {
  const dnnl = resolveSymbols(library.handle);
  const engine = created((out) => dnnl.engine_create(out, CPU, 0));
  const stream = created((out) => dnnl.stream_create(out, engine, IN_ORDER));
  const context: V2Context = {
    dnnl,
    engine,
    stream,
    layoutOf: (descriptor, query, index) => queriedLayout(dnnl, descriptor, query, index),
  };
  const { major, minor, patch } = library.version;
  const opened: OneDnnEngine = {
    version: `oneDNN ${major}.${minor}.${patch}`,
    instructionSet: instructionSetName(dnnl.get_effective_cpu_isa()),
    threads: library.threads,
    layout: (dims, type, format) => makeLayout(dnnl, dims, type, format),
    strided: (dims, type, strides) => makeStrided(dnnl, dims, type, strides),
    part: (layout, dims, offsets) => part(context, layout, dims, offsets),
    convolution: (problem) => convolution(context, problem),
    innerProduct: (problem) => innerProduct(context, problem),
    pooling: (problem) => pooling(context, problem),
    lrn: (problem) => lrn(context, problem),
    batchNorm: (problem) => batchNorm(context, problem),
    relu: (data) => relu(context, data),
    reluBackward: (data, diff, hint: Primitive) =>
      reluBackward(context, data, diff, hint as NativePrimitive),
    eltwise: (f, data) => eltwise(context, f, data),
    eltwiseBackward: (f, data, hint) => eltwiseBackward(context, f, data, hint as NativePrimitive),
    concat: (axis, inputs, dst) => concat(context, axis, inputs, dst),
    matmul: (src, weights, dst) => matmul(context, src, weights, dst),
    softmax: (data) => softmax(context, data),
    softmaxBackward: (data, hint) => softmaxBackward(context, data, hint as NativePrimitive),
    layerNorm: (problem) => layerNorm(context, problem),
    binary: (kind, src, src1, dst) => binary(context, kind, src, src1, dst),
    accumulate: (kept, scales, data) => accumulate(context, kept, scales, data),
    chain: (problem) => chain(context, problem),
    sum: (scales, inputs, dst) => sum(context, scales, inputs, dst),
    reorder: (src, dst) => reorder(context, src, dst),
    scope: () => ({ ...opened, release: () => {} }),
    liveDescriptors: () => 0,
    release: () => {
      dnnl.stream_destroy(stream);
      dnnl.engine_destroy(engine);
    },
  };
  return opened;
}

function part(
  { dnnl }: V2Context,
  layout: Layout,
  dims: readonly number[],
  offsets: readonly number[] = dims.map(() => 0),
): Layout | undefined {
  const out = new Uint8Array(MEMORY_DESC_BYTES);
  try {
    dnnl.memory_desc_init_submemory(
      out,
      descriptorBytes(layout),
      dimsArray(dims),
      dimsArray(offsets),
    );
  } catch {
    return undefined; // a block would be cut
  }
  return readLayout(dnnl, out);
}

function queriedLayout(
  dnnl: Symbols,
  primitiveDescriptor: bigint,
  query: number,
  index: number,
): V2Layout | undefined {
  const out = new BigUint64Array(1);
  try {
    dnnl.primitive_desc_query(primitiveDescriptor, query, index, out);
  } catch {
    return undefined; // not_required: no such memory
  }
  const address = out[0] as bigint;
  if (address === 0n) return undefined;
  const bytes = koffi.decode(address, koffi.array('uint8_t', MEMORY_DESC_BYTES, 'Typed'));
  return readLayout(dnnl, Uint8Array.from(bytes as Uint8Array));
}
