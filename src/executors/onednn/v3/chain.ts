// Chains: an operation on two tensors and what is done to each element after it, in one pass over
// memory.
import { algorithm } from '../binding/abi.js';
import { type ChainLayouts, chainOperands } from '../binding/chain-operands.js';
import type { NativePrimitive } from '../binding/primitive.js';
import type { ChainProblem, ChainStep } from '../engine.js';
import { chainEltwise, POST_OPERAND_BASE } from './abi.js';
import { createPrimitive, descriptorAddress, type V3Context } from './context.js';

/** See {@link ChainProblem}; roles src, src1, dst, and `after${i}` for each step i that reads. */
export function chain(context: V3Context, problem: ChainProblem): NativePrimitive {
  const { dnnl, engine, scalar } = context;
  const { data, steps, scales } = problem;
  const d = descriptorAddress(data);
  const src1 = descriptorAddress(problem.src1 === 'each' ? data : scalar);
  const layouts = { data, one: scalar };
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
    make: (out, attr) =>
      dnnl.binary_primitive_desc_create(
        ...[out, engine, algorithms[problem.algorithm], d, src1, d, attr],
      ),
  });
}

const algorithms = { add: algorithm.binaryAdd, multiply: algorithm.binaryMultiply } as const;

function append(
  { dnnl }: V3Context,
  postOps: bigint,
  step: ChainStep,
  layouts: ChainLayouts,
): void {
  const eltwise = (kind: number, alpha: number, beta: number): void =>
    dnnl.post_ops_append_eltwise(postOps, kind, alpha, beta);
  switch (step.kind) {
    case 'add':
    case 'multiply': {
      const layout = step.by === 'each' ? layouts.data : layouts.one;
      dnnl.post_ops_append_binary(postOps, algorithms[step.kind], descriptorAddress(layout));
      return;
    }
    case 'keep': {
      const typeOfDst = 0;
      dnnl.post_ops_append_sum(postOps, step.factor, 0, typeOfDst);
      return;
    }
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
