// What the steps of a chain read, as both generations of oneDNN name it.
import type { ChainStep, Layout } from '../engine.js';
import { roleNumbers } from './abi.js';
import type { Operand } from './primitive.js';

/** Layouts of what steps read: a tensor like the data, or one number. */
export interface ChainLayouts {
  readonly data: Layout;
  readonly one: Layout;
}

/** DNNL_ARG_ATTR_MULTIPLE_POST_OP(i) | DNNL_ARG_SRC_1 for each step i that reads.
 *  @param base DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE, which the generations have differently */
export function chainOperands(
  steps: readonly ChainStep[],
  { data, one }: ChainLayouts,
  base: number,
): readonly Operand[] {
  return steps.flatMap((step, i) => {
    if (!('by' in step)) return [];
    const arg = (base * (i + 1)) | roleNumbers('src1').arg;
    return [{ role: `after${i}` as const, arg, layout: step.by === 'each' ? data : one }];
  });
}
