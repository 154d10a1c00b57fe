// What every program must satisfy, however it was made.
import { assert } from '../base/errors.js';
import type { Program, ValueId } from './types.js';

/** Checks SSA order and that no slot's old value is read after the node that makes its next value:
 *  executors may update in place.
 *  @throws SelfferError ("internal: ...") naming the node */
export function verify(program: Program): void {
  const written = new Set<ValueId>([
    ...program.feeds.map((feed) => feed.value),
    ...program.slots.map((slot) => slot.value),
  ]);
  const overwrittenBy = new Map<ValueId, ValueId[]>();
  for (const slot of program.slots) {
    if (slot.next === undefined) continue;
    overwrittenBy.set(slot.next, [...(overwrittenBy.get(slot.next) ?? []), slot.value]);
  }
  const overwritten = new Set<ValueId>();
  program.nodes.forEach((node, position) => {
    const place = `node ${position} (${node.op})`;
    for (const input of node.inputs) {
      assert(written.has(input), `${place} reads value ${input} before it is written`);
      assert(!overwritten.has(input), `${place} reads value ${input} after its slot was updated`);
    }
    for (const output of node.outputs) {
      assert(!written.has(output), `${place} writes value ${output} a second time`);
      written.add(output);
      overwrittenBy.get(output)?.forEach((old) => overwritten.add(old));
    }
  });
  for (const { name, value } of program.outputs) {
    assert(written.has(value), `output ${name} is never written`);
    assert(!overwritten.has(value), `output ${name} is a slot's value before its update`);
  }
  for (const { name, next } of program.slots) {
    assert(next === undefined || written.has(next), `next value of slot ${name} is never written`);
  }
}
