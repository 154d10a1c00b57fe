// Where the next value of a slot is written.
import type { ValueId } from '../../../program/types.js';
import type { Layout } from '../engine.js';
import type { EntryLowering } from './entry-lowering.js';
import type { Buffer, BufferId } from './step.js';

/** The slot's own memory if `next` is its next value and the slot's buffer is the one that was read
 *  (programs schedule updates after all other readers of the old value); else new memory. */
export function updateTarget(
  lowering: EntryLowering,
  value: ValueId,
  next: ValueId,
  buffer: BufferId,
  layout: Layout,
): BufferId {
  const isSlot = lowering.program.slots.some((slot) => slot.value === value && slot.next === next);
  const { home } = lowering.buffers[buffer] as Buffer;
  if (!isSlot || home.kind !== 'slot') return lowering.define(next, layout);
  lowering.invalidate(buffer);
  lowering.alias(next, buffer);
  return buffer;
}
