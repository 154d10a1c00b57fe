// The oneDNN 3.x binding behind the interface of ../engine.ts.
import { instructionSetName } from '../binding/abi.js';
import { created, type NativePrimitive } from '../binding/primitive.js';
import type { OneDnnEngine, Primitive } from '../engine.js';
import type { OneDnnLibrary } from '../library.js';
import { batchNorm } from './batch-norm.js';
import { chain } from './chain.js';
import type { V3Context } from './context.js';
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
import { type DescriptorCount, Layouts, type V3Layout } from './layout.js';
import { layerNorm } from './layer-norm.js';
import { concat, matmul, softmax, softmaxBackward } from './matrix.js';
import { lrn, pooling } from './normalising.js';
import { resolveSymbols } from './symbols.js';
import { convolution, innerProduct } from './weighted.js';

const CPU = 1;
const IN_ORDER = 1;

/** Opens a CPU engine with one in-order stream. @throws NativeError */
export function createV3Engine(library: OneDnnLibrary): OneDnnEngine {
  const dnnl = resolveSymbols(library.handle);
  const engine = created((out) => dnnl.engine_create(out, CPU, 0));
  const stream = created((out) => dnnl.stream_create(out, engine, IN_ORDER));
  const { major, minor, patch } = library.version;
  const count: DescriptorCount = { alive: 0 };
  const open = (close: () => void): OneDnnEngine => {
    const layouts = new Layouts(dnnl, count);
    const context: V3Context = {
      dnnl,
      engine,
      stream,
      scalar: layouts.make([1], 'f32', 'plain'),
      layoutOf: (descriptor, query, index) => {
        const owned = dnnl.primitive_desc_query_md(descriptor, query, index);
        return owned === null || owned === 0n ? undefined : layouts.copy(owned);
      },
    };
    return {
      ...operations(context, layouts),
      version: `oneDNN ${major}.${minor}.${patch}`,
      instructionSet: instructionSetName(dnnl.get_effective_cpu_isa()),
      threads: library.threads,
      scope: () => open(() => {}),
      liveDescriptors: () => count.alive,
      release: () => {
        layouts.release();
        close();
      },
    };
  };
  return open(() => {
    dnnl.stream_destroy(stream);
    dnnl.engine_destroy(engine);
  });
}

type Operations = Omit<
  OneDnnEngine,
  'version' | 'instructionSet' | 'threads' | 'scope' | 'liveDescriptors' | 'release'
>;

function operations(context: V3Context, layouts: Layouts): Operations {
  return {
    layout: (dims, type, format) => layouts.make(dims, type, format),
    strided: (dims, type, strides) => layouts.strided(dims, type, strides),
    part: (layout, dims, offsets) => layouts.part(layout as V3Layout, dims, offsets),
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
  };
}
