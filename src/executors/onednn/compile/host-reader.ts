// Views of native memory for the few ops that run in TypeScript.
import type { HostTensor, TensorType } from '../../../tensor/tensor.js';
import type { BufferId, Places, RunContext } from './step.js';

/** A reader of a row-major f32 or i32 buffer; the view is made once. */
export function hostReader(
  places: Places,
  buffer: BufferId,
  type: TensorType,
): (context: RunContext) => HostTensor['data'] {
  const view = type.dtype === 'f32' ? places.float32(buffer) : places.int32(buffer);
  return () => view;
}
