// What the executor's compiler asks of oneDNN, whatever its version: v2/ and v3/ implement it.
// Words inside this folder are the vendor's: src, weights, dst, diff_*.
import type { Pads, Pair } from '../../tensor/window.js';

/** Element types of memory. */
export type ElementType = 'f32' | 'bf16' | 's32' | 'u8';

/** How the elements of a logical tensor lie in memory. */
export interface Layout {
  /** Logical sizes: activations [N,C,H,W], weights [O,I,KH,KW], grouped [G,O/G,I/G,KH,KW]. */
  readonly dims: readonly number[];
  readonly type: ElementType;
  /** Bytes of memory, padding included; 0 for "any" and for none. */
  readonly sizeBytes: number;
  /** Axes whose elements lie in blocks, the last of them maybe padded. */
  readonly blockedAxes: readonly number[];
  /** Equal keys: the same bytes mean the same tensor. */
  readonly key: string;
  /** For people, e.g. "aBcd16b" (nChw16c) or "any". */
  readonly text: string;
}

/** What a memory is to a primitive; `input${i}` are the operands of a sum or a concatenation,
 *  `after${i}` what the i-th step of a chain reads. */
export type Role =
  | 'src'
  | 'src1'
  | 'weights'
  | 'bias'
  | 'dst'
  | 'workspace'
  | 'scratchpad'
  | 'diffSrc'
  | 'diffWeights'
  | 'diffBias'
  | 'diffDst'
  | 'mean'
  | 'variance'
  | 'scale'
  | 'shift'
  | 'diffScale'
  | 'diffShift'
  | `input${number}`
  | `after${number}`;

/** Native addresses of a primitive's memories. */
export type Addresses = Readonly<Partial<Record<Role, bigint>>>;

/** A chosen implementation of an operation; no code is generated before the first {@link bind}. */
export interface Primitive {
  /** The layout chosen for a role; undefined if the primitive has no such memory. */
  layout(role: Role): Layout | undefined;
  /** Bytes of a role's memory; 0 if it has none. */
  bytes(role: Role): number;
  /** oneDNN's name of the implementation, e.g. "jit:avx512_core". */
  readonly implementation: string;
  /** Ties the primitive to addresses. Every role it has must be given. */
  bind(addresses: Addresses): Call;
  /** Frees the primitive and all its calls. */
  release(): void;
}

/** A primitive tied to its memories. Running it allocates nothing. */
export interface Call {
  /** Runs and waits. @throws NativeError */
  run(): void;
}

/** Which of an operation's computations. */
export type Direction = 'forward' | 'backwardData' | 'backwardWeights';

/** Convolution; weights have 5 axes (goihw) when grouped. Layouts may be "any". */
export interface ConvolutionProblem {
  readonly direction: Direction;
  readonly src: Layout;
  readonly weights: Layout;
  /** Not for backwardData. */
  readonly bias?: Layout;
  readonly dst: Layout;
  /** See `Sliding`; dilation 1 means none. */
  readonly stride: Pair;
  readonly pads: Pads;
  readonly dilation: Pair;
  /** auto: Winograd where oneDNN thinks it faster. */
  readonly algorithm: 'direct' | 'auto';
  /** dst = max(0, .); forward only. */
  readonly relu?: boolean;
  /** The forward primitive, for the backward directions. */
  readonly hint?: Primitive;
}

/** dst = src weights^T + bias; weights [O,K] or [O,C,H,W] beside a 4-axis src. */
export interface InnerProductProblem {
  readonly direction: Direction;
  readonly src: Layout;
  readonly weights: Layout;
  readonly bias?: Layout;
  readonly dst: Layout;
  readonly relu?: boolean;
  readonly hint?: Primitive;
}

/** Max or average pooling; pads at the bottom and right may exceed those of the op (windows that
 *  hang over). */
export interface PoolingProblem {
  readonly direction: 'forward' | 'backwardData';
  /** Left out: max. `average` divides by the number of cells inside the image, `average with
   *  padding` by the size of the window. */
  readonly algorithm?: 'max' | 'average' | 'average with padding';
  /** Forward: keep the winners in a workspace, for a backward pass. */
  readonly keepsWorkspace?: boolean;
  readonly src: Layout;
  readonly dst: Layout;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  readonly dilation: Pair;
  readonly hint?: Primitive;
}

/** dst = src / (k + alpha / size * sum of src^2 over `size` channels)^beta. */
export interface LrnProblem {
  readonly direction: 'forward' | 'backwardData';
  /** Forward: keep what a backward pass needs in a workspace. */
  readonly keepsWorkspace?: boolean;
  readonly src: Layout;
  /** Backward only: layout of diff_src and diff_dst. */
  readonly diff?: Layout;
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
  readonly hint?: Primitive;
}

/** A function of one tensor, element by element, by oneDNN's name: alpha and beta are its numbers
 *  (0 where it has none). relu: x where x > 0, else alpha x; elu: alpha (e^x - 1) there; clip: to
 *  [alpha, beta]; linear: alpha x + beta; swish: x logistic(alpha x); hardswish: x clip(alpha x +
 *  beta, 0, 1), of which 2.x has 1/6 and 1/2 only. */
export interface Eltwise {
  readonly algorithm:
    | 'logistic'
    | 'tanh'
    | 'swish'
    | 'hardswish'
    | 'geluErf'
    | 'geluTanh'
    | 'relu'
    | 'elu'
    | 'clip'
    | 'linear';
  readonly alpha: number;
  readonly beta: number;
}

/** Layer normalisation over the last axis, row-major. Roles: src, mean, variance, scale, shift,
 *  then dst forward; src, mean, variance, scale, shift (any memory), diffDst, diffSrc, diffScale,
 *  diffShift backward. */
export interface LayerNormProblem {
  readonly direction: 'forward' | 'backward';
  /** Layout of src and dst and of their gradients. */
  readonly data: Layout;
  /** Layout of mean and variance. */
  readonly statistics: Layout;
  readonly epsilon: number;
  /** With scale and shift; backward also with their gradients. */
  readonly isScaled: boolean;
  readonly hint?: Primitive;
}

/** dst = (src - mean) / sqrt(variance + epsilon) * scale + shift for each channel. Roles: src,
 *  mean, variance, scale, shift, then dst forward, and diffDst, diffSrc, diffScale, diffShift
 *  backward, where the shift may be any memory. */
export interface BatchNormProblem {
  readonly direction: 'forward' | 'backward';
  /** minibatch: forward computes and writes mean and variance. stored: it reads them. */
  readonly statistics: 'minibatch' | 'stored';
  /** Forward over stored statistics: a backward pass will have this primitive as its hint. */
  readonly isForTraining?: boolean;
  /** Layout of src and dst and of their gradients. */
  readonly data: Layout;
  readonly epsilon: number;
  readonly hasScale: boolean;
  readonly hasShift: boolean;
  /** dst = max(0, .); in training the workspace then holds where it was positive. */
  readonly relu?: boolean;
  readonly hint?: Primitive;
}

/** What a chain does to every element next. `each` reads a tensor of the data's layout, `one` a
 *  single f32 number; either may change between runs. keep: + factor * the old dst. Of linear,
 *  square-root and reciprocal a chain may have one each: 2.6 gives a second one the first's
 *  numbers. */
export type ChainStep =
  | { readonly kind: 'add' | 'multiply'; readonly by: 'each' | 'one' }
  | { readonly kind: 'keep'; readonly factor: number }
  | { readonly kind: 'linear'; readonly alpha: number; readonly beta: number }
  | { readonly kind: 'square-root' | 'reciprocal' };

/** dst = steps(scales[0] src (+ or *) scales[1] src1), all f32: one pass over memory. dst may be
 *  any of the tensors that are read. */
export interface ChainProblem {
  readonly algorithm: 'add' | 'multiply';
  readonly data: Layout;
  /** Whether src1 is a tensor like src or one number. */
  readonly src1: 'each' | 'one';
  readonly scales?: readonly [number, number];
  readonly steps: readonly ChainStep[];
}

/** A oneDNN engine with one in-order stream. */
export interface OneDnnEngine {
  readonly version: string;
  readonly instructionSet: string;
  readonly threads: number;
  /** `any` leaves the choice to the primitive; `plain` is row-major; `nhwc` is for four axes
   *  [N,C,H,W], channels last. */
  layout(dims: readonly number[], type: ElementType, format: 'any' | 'plain' | 'nhwc'): Layout;
  /** A layout whose neighbours on each axis are `strides` elements apart. */
  strided(dims: readonly number[], type: ElementType, strides: readonly number[]): Layout;
  /** `dims` elements of each axis of a layout from `offsets` (default 0), where they lie in it;
   *  undefined if its blocks do not allow it. */
  part(layout: Layout, dims: readonly number[], offsets?: readonly number[]): Layout | undefined;
  convolution(problem: ConvolutionProblem): Primitive;
  innerProduct(problem: InnerProductProblem): Primitive;
  pooling(problem: PoolingProblem): Primitive;
  lrn(problem: LrnProblem): Primitive;
  batchNorm(problem: BatchNormProblem): Primitive;
  /** dst = max(0, src); roles src, dst (may be one memory). */
  relu(data: Layout): Primitive;
  /** diffSrc = diffDst where dst > 0; roles dst, diffDst, diffSrc (the latter two may be one
   *  memory). */
  reluBackward(data: Layout, diff: Layout, hint: Primitive): Primitive;
  /** dst = f(src); dst may be src. */
  eltwise(f: Eltwise, data: Layout): Primitive;
  /** diffSrc = diffDst * f'(src); all in one layout, diffSrc may be diffDst. @param hint the
   *  forward primitive */
  eltwiseBackward(f: Eltwise, data: Layout, hint: Primitive): Primitive;
  /** dst = input0, input1, ... one after another along `axis`; the layout of dst may be "any". */
  concat(axis: number, inputs: readonly Layout[], dst: Layout): Primitive;
  /** dst = src weights for each place of the axes before the last two, of which either may have
   *  size 1 in src or weights; transposed operands have such strides. */
  matmul(src: Layout, weights: Layout, dst: Layout): Primitive;
  /** dst = softmax of src along the last axis. */
  softmax(data: Layout): Primitive;
  /** diffSrc from dst and diffDst. @param hint the forward primitive */
  softmaxBackward(data: Layout, hint: Primitive): Primitive;
  layerNorm(problem: LayerNormProblem): Primitive;
  /** dst = src + src1, src - src1 or src * src1; dst may be src. Axes of src1 may have size 1. */
  binary(
    algorithm: 'add' | 'subtract' | 'multiply',
    src: Layout,
    src1: Layout,
    dst: Layout,
  ): Primitive;
  /** dst = kept * dst + scales[0] * src + scales[1] * src1, all f32 in one layout. */
  accumulate(kept: number, scales: readonly [number, number], data: Layout): Primitive;
  chain(problem: ChainProblem): Primitive;
  /** dst = sum of scales[i] * input_i; dst may be input0. */
  sum(scales: readonly number[], inputs: readonly Layout[], dst: Layout): Primitive;
  /** dst = src in another layout or type. */
  reorder(src: Layout, dst: Layout): Primitive;
  /** The same engine for one executable: releasing it frees the layouts made through it and by its
   *  primitives, and nothing else. */
  scope(): OneDnnEngine;
  /** Descriptors of layouts in native memory, of all scopes together; 0 in 2.x, where they are
   *  bytes that JavaScript collects. */
  liveDescriptors(): number;
  /** Frees what belongs to the engine or the scope; its primitives, which are freed before, and its
   *  layouts must not be used afterwards. */
  release(): void;
}
