// Calling a C library whose functions answer a status: what both generations of oneDNN share.
import type { LibraryHandle } from 'koffi';
import { NativeError } from '../../../base/errors.js';
import { statusNames } from './abi.js';

/** C type of every pointer. */
export const P = 'void *';

/** Name without "dnnl_" -> C argument types. */
export type Signatures = Readonly<Record<string, readonly string[]>>;

/** Functions of both generations with the same arguments. All return dnnl_status_t. */
const commonSignatures = {
  engine_create: [P, 'int', 'size_t'],
  engine_destroy: [P],
  stream_create: [P, P, 'unsigned int'],
  stream_destroy: [P],
  memory_create: [P, P, P, P],
  memory_destroy: [P],
  primitive_attr_create: [P],
  primitive_attr_destroy: [P],
  primitive_attr_set_scratchpad_mode: [P, 'int'],
  primitive_attr_set_post_ops: [P, P],
  post_ops_create: [P],
  post_ops_destroy: [P],
  primitive_desc_destroy: [P],
  primitive_desc_query: [P, 'int', 'int', P],
  primitive_create: [P, P],
  primitive_destroy: [P],
  primitive_execute: [P, P, 'int', P],
} as const;

/** A value passed to oneDNN: number, native address, bytes whose address is passed, or a null
 *  pointer. */
export type Argument = number | bigint | ArrayBufferView | null;

/** Every function checks its status and throws NativeError. */
export type Checked<S extends Signatures> = Readonly<
  Record<keyof S, (...args: Argument[]) => void>
>;

/** What primitives need of either generation. */
export type CommonSymbols = Checked<typeof commonSignatures> & {
  readonly get_effective_cpu_isa: () => number;
  /** primitive_execute without a check, for the hot loop: the raw status. */
  readonly executeRaw: (primitive: bigint, stream: bigint, count: number, args: bigint) => number;
};

/** Resolves the functions. @throws Error of koffi if one is missing */
export function resolveChecked<S extends Signatures>(
  library: LibraryHandle,
  signatures: S,
): Checked<S> {
  const checked = Object.entries(signatures).map(([name, args]) => {
    const raw = library.func(`dnnl_${name}`, 'int', [...args]);
    const call = (...values: Argument[]): void => checkStatus(name, raw(...values) as number);
    return [name, call] as const;
  });
  return Object.fromEntries(checked) as Checked<S>;
}

/** Resolves what both generations have. */
export function resolveCommon(library: LibraryHandle): CommonSymbols {
  return {
    ...resolveChecked(library, commonSignatures),
    get_effective_cpu_isa: library.func('dnnl_get_effective_cpu_isa', 'int', []),
    executeRaw: library.func('dnnl_primitive_execute', 'int', [
      ...commonSignatures.primitive_execute,
    ]),
  };
}

/** @throws NativeError naming function and status unless `status` is success. */
export function checkStatus(name: string, status: number): void {
  if (status === 0) return;
  const word = statusNames[status] ?? `status ${status}`;
  throw new NativeError(`onednn: dnnl_${name} answered ${word}`, {
    data: { function: `dnnl_${name}`, status: word },
  });
}
