// What a program is lowered to: steps over buffers. Still without addresses; those come when the
// arena is planned.
import type { Node } from '../../../program/types.js';
import type { HostTensor } from '../../../tensor/tensor.js';
import type { Scalars } from '../../executor.js';
import type { Layout } from '../engine.js';

/** Index into an entry's buffers. */
export type BufferId = number;

/** Where a buffer's memory comes from; `view`: from another buffer, which is no view. */
export type Home =
  | { readonly kind: 'arena' }
  | { readonly kind: 'slot'; readonly name: string }
  | { readonly kind: 'view'; readonly of: BufferId };

/** Memory of one value in one layout. */
export interface Buffer {
  readonly layout: Layout;
  readonly home: Home;
}

/** The buffer whose memory a buffer has: itself, or what it is a view of. */
export function memoryOf(buffers: readonly Buffer[], buffer: BufferId): BufferId {
  const { home } = buffers[buffer] as Buffer;
  return home.kind === 'view' ? home.of : buffer;
}

/** What changes from run to run. */
export interface RunContext {
  readonly feeds: Readonly<Record<string, HostTensor>>;
  readonly scalars: Scalars;
}

/** A step tied to memory. */
export type Action = (context: RunContext) => void;

/** Where things lie, known once the arena is planned. */
export interface Places {
  /** Native address of a buffer. */
  address(buffer: BufferId): bigint;
  /** f32 view of a plain buffer. */
  float32(buffer: BufferId): Float32Array;
  /** i32 view of a plain buffer. */
  int32(buffer: BufferId): Int32Array;
  /** Address of at least `count` ones of a type, in a row; nobody writes to them. */
  ones(count: number, type: 'f32' | 'bf16'): bigint;
  /** Memory for one step's private use, as large as the largest wish. */
  readonly scratch: bigint;
  /** Called when the executable ends. */
  onRelease(release: () => void): void;
}

/** One thing to do in a run. */
export interface Step {
  /** Row of the profile: the op's name, or "reorder" or "copy". */
  readonly kind: string;
  /** The node for which it is done. */
  readonly node: Node;
  /** FLOPs by the algorithm chosen; see ProfileRow. */
  readonly flops: number;
  /** Networks that need it; grows when a later node shares its result. */
  readonly owners: Set<number>;
  readonly reads: readonly BufferId[];
  readonly writes: readonly BufferId[];
  /** [written, read] pairs that may share memory. */
  readonly overwrites: readonly (readonly [BufferId, BufferId])[];
  readonly scratchBytes: number;
  readonly bind: (places: Places) => Action;
}
