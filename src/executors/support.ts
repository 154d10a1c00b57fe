// What an executor lacks: said in its table of ops, with the reason; made of other ops where a rule
// is known, and refused when compiling where none is.
import { UnsupportedOpError } from '../base/errors.js';
import { decompose } from '../program/decompose.js';
import type { OpName } from '../program/ops/params.js';
import type { Program } from '../program/types.js';

/** Stands in an executor's table for an op that it cannot do. */
export interface Unsupported {
  /** Half a sentence for the user: why not. */
  readonly unsupported: string;
}

/** An entry that says why an op is not there. */
export function unsupported(reason: string): Unsupported {
  return { unsupported: reason };
}

/** An executor's table of ops, in which some may be missing with a reason. */
export type WithGaps<T> = { readonly [K in keyof T]: T[K] | Unsupported };

/** True if a table's entry is an {@link unsupported} one. */
export function isUnsupported(entry: object): entry is Unsupported {
  return 'unsupported' in entry;
}

/** The programs as an executor with this table can run them: `decompose` replaces what it lacks.
 *  @throws UnsupportedOpError naming executor, op and reason for what is lacking still */
export function supportedPrograms(
  executor: string,
  programs: Readonly<Record<string, Program>>,
  table: Readonly<Record<OpName, object>>,
): Readonly<Record<string, Program>> {
  const gaps = new Map<OpName, string>();
  for (const [op, entry] of Object.entries(table) as [OpName, object][]) {
    if (isUnsupported(entry)) gaps.set(op, entry.unsupported);
  }
  if (gaps.size === 0) return programs;
  const lacking = new Set(gaps.keys());
  const made = Object.entries(programs).map(
    ([name, program]) => [name, decompose(program, lacking)] as const,
  );
  for (const { op } of made.flatMap(([, { nodes }]) => nodes)) {
    const reason = gaps.get(op);
    if (reason === undefined) continue;
    throw new UnsupportedOpError(`${executor}: cannot do ${op}: ${reason}`, {
      hint: 'Choose another executor; `selffer doctor` lists those of this machine.',
      data: { executor, op, reason },
    });
  }
  return Object.fromEntries(made);
}
