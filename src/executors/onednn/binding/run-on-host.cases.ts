// For tests: runs one primitive on row-major host arrays, reordering to and from the layouts it
// chose.
import type { Call, OneDnnEngine, Primitive, Role } from '../engine.js';
import { NativeMemory } from '../native-memory.js';

/** Host arrays in, row-major. */
export type HostInputs = Readonly<Partial<Record<Role, ArrayLike<number>>>>;

/** A memory that outlives a run, e.g. a workspace: role -> native memory. */
export type Kept = Partial<Record<Role, NativeMemory>>;

/** Runs `primitive` once; returns the wanted outputs row-major. Roles in `kept` use that memory as
 *  it is. */
export function runOnHost(
  engine: OneDnnEngine,
  primitive: Primitive,
  inputs: HostInputs,
  outputs: readonly Role[],
  kept: Kept = {},
): Record<string, number[]> {
  const addresses: Partial<Record<Role, bigint>> = {};
  const roles = [
    ...(Object.keys(inputs) as Role[]),
    ...outputs,
    'workspace',
    'scratchpad',
  ] as const;
  for (const role of roles) {
    const layout = primitive.layout(role);
    if (!layout) continue;
    const memory = (kept[role] ??= new NativeMemory(layout.sizeBytes));
    addresses[role] = memory.address;
    const host = inputs[role];
    if (host) toNative(engine, primitive, role, host, memory);
  }
  primitive.bind(addresses).run();
  return Object.fromEntries(
    outputs.map((role) => [role, toHost(engine, primitive, role, addresses[role] as bigint)]),
  );
}

function toNative(
  engine: OneDnnEngine,
  primitive: Primitive,
  role: Role,
  host: ArrayLike<number>,
  memory: NativeMemory,
): void {
  const chosen = primitive.layout(role);
  if (!chosen) return;
  const plain = engine.layout(chosen.dims, 'f32', 'plain');
  const staging = new NativeMemory(plain.sizeBytes);
  staging.float32(host.length).set(host);
  copy(engine.reorder(plain, chosen), staging.address, memory.address);
}

function toHost(engine: OneDnnEngine, primitive: Primitive, role: Role, address: bigint): number[] {
  const chosen = primitive.layout(role);
  if (!chosen) return [];
  const plain = engine.layout(chosen.dims, 'f32', 'plain');
  const staging = new NativeMemory(plain.sizeBytes);
  copy(engine.reorder(chosen, plain), address, staging.address);
  return Array.from(staging.float32(plain.sizeBytes / 4), (value) => value + 0); // -0 becomes 0
}

function copy(reorder: Primitive, src: bigint, dst: bigint): void {
  const scratch = new NativeMemory(reorder.bytes('scratchpad'));
  const call: Call = reorder.bind({ src, dst, scratchpad: scratch.address });
  call.run();
}

/** Repeatable integers in [-limit, limit]. */
export function integers(count: number, limit = 4, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) % (2 * limit + 1)) - limit;
  });
}
