// Chains: an operation on two tensors and what is done to each element after it, in one pass over
// memory.
import { algorithm } from '../binding/abi.js';
import { type ChainLayouts, chainOperands } from '../binding/chain-operands.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { ChainProblem, ChainStep } from '../engine.js';
import { chainEltwise, POST_OPERAND_BASE } from './abi.js';
import { descriptorBytes, type V2Context } from './attributes.js';
import { createPrimitive } from './create.js';
import { makeLayout } from './layout.js';

/** See {@link ChainProblem}; roles src, src1, dst, and `after${i}` for each step i that reads. */
export function chain(context: V2Context, problem: ChainProblem): NativePrimitive {
  const { dnnl } = context;
  const { data, steps, scales } = problem;
  const one = makeLayout(
    dnnl,
    data.dims.map(() => 1),
    'f32',
    'plain',
  );
  const src1 = problem.src1 === 'each' ? data : one;
  const layouts = { data, one };
  return createPrimitive(context, {
    problem: `chain ${data.key} ${steps.map(({ kind }) => kind).join(' ')}`,
    roles: ['src', 'src1', 'dst'],
    operands: chainOperands(steps, layouts, POST_OPERAND_BASE),
    extras: {
      ...(scales === undefined ? {} : { scales }),
      append: (postOps) => {
        for (const step of steps) append(context, postOps, step, layouts);
      },
    },
    init: (op) =>
      dnnl.binary_desc_init(
        op,
        algorithms[problem.algorithm],
        descriptorBytes(data),
        descriptorBytes(src1),
        descriptorBytes(data),
      ),
  });
}

const algorithms = { add: algorithm.binaryAdd, multiply: algorithm.binaryMultiply } as const;

function append(
  { dnnl }: V2Context,
  postOps: bigint,
  step: ChainStep,
  layouts: ChainLayouts,
): void {
  const eltwise = (kind: number, alpha: number, beta: number): void =>
    dnnl.post_ops_append_eltwise(postOps, 1, kind, alpha, beta);
  switch (step.kind) {
    case 'add':
    case 'multiply': {
      const layout = step.by === 'each' ? layouts.data : layouts.one;
      dnnl.post_ops_append_binary(postOps, algorithms[step.kind], descriptorBytes(layout));
      return;
    }
    case 'keep':
      dnnl.post_ops_append_sum(postOps, step.factor);
      return;
    case 'linear':
      eltwise(chainEltwise.linear, step.alpha, step.beta);
      return;
    case 'square-root':
      eltwise(chainEltwise.squareRoot, 0, 0);
      return;
    case 'reciprocal':
      eltwise(chainEltwise.power, 1, -1);
  }
}
