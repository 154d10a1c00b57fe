// What every executable does around its arithmetic: finds the entry and the slot, checks what is
// given, hands out the profile. An executor brings the rest, an
// ExecutableCore.
import { assert, ShapeError } from '../base/errors.js';
import type { Program } from '../program/types.js';
import { requireData, requireType } from '../tensor/check.js';
import type { HostTensor, TensorType } from '../tensor/tensor.js';
import type { Executable, Footprint, Scalars } from './executor.js';
import type { Profile } from './profile.js';

/** Host tensors by name. */
export type Tensors = Readonly<Record<string, HostTensor>>;

/** A run whose arguments have been checked. */
export interface CheckedRun {
  /** All of the entry's feeds are there and fit; there may be others. */
  readonly feeds: Tensors;
  readonly scalars: Scalars;
  /** One element a network. */
  readonly active: readonly boolean[];
}

/** At once or later. */
export type Answer<T> = T | Promise<T>;

/** One entry of an executable, ready to run. */
export interface EntryCore {
  run(run: CheckedRun): Answer<Record<string, HostTensor>>;
}

/** What an executor brings: names exist and types fit in every call. */
export interface ExecutableCore {
  readonly footprint: Footprint;
  readonly entries: ReadonlyMap<string, EntryCore>;
  /** Sets a slot from the plain layout; the tensor stays the caller's. */
  write(slot: string, tensor: HostTensor): Answer<void>;
  /** A copy of a slot in the plain layout. */
  read(slot: string): Answer<HostTensor>;
  dispose(): void;
}

/** Type of every slot of any entry, by name.
 *  @throws ShapeError if two entries give one slot different types */
export function slotTypes(
  programs: Readonly<Record<string, Program>>,
): ReadonlyMap<string, TensorType> {
  const types = new Map<string, TensorType>();
  for (const [entry, { slots }] of Object.entries(programs)) {
    for (const slot of slots) {
      const known = types.get(slot.name);
      if (known) requireType(`slot ${slot.name} in entry ${entry}`, slot, known);
      else types.set(slot.name, { dtype: slot.dtype, shape: slot.shape });
    }
  }
  return types;
}

/** The executable of `core`, which runs `programs`.
 *  @param slots their {@link slotTypes}
 *  @param profile what the core's entries fill while they run; left out: nobody measures */
export function makeExecutable(
  programs: Readonly<Record<string, Program>>,
  slots: ReadonlyMap<string, TensorType>,
  core: ExecutableCore,
  profile?: Profile,
): Executable {
  let underWay: string | null = null;
  let isDisposed = false;
  const alone = async <T>(call: string, work: () => Answer<T>): Promise<T> => {
    assert(!isDisposed, `${call} after dispose`);
    assert(underWay === null, `${call} while ${underWay} is under way`);
    underWay = call;
    try {
      return await work();
    } finally {
      underWay = null;
    }
  };
  return {
    footprint: core.footprint,
    write: (slot, tensor) =>
      alone(`write of ${slot}`, () => {
        requireType(`slot ${slot}`, tensor, found('slot', slot, slots));
        requireData(`slot ${slot}`, tensor);
        return core.write(slot, tensor);
      }),
    read: (slot) =>
      alone(`read of ${slot}`, () => {
        found('slot', slot, slots);
        return core.read(slot);
      }),
    run: (name, feeds, scalars, active) =>
      alone(`run of ${name}`, () => {
        const entry = found('entry', name, core.entries);
        const program = programs[name] as Program;
        checkFeeds(program, feeds);
        checkScalars(program, scalars);
        return entry.run({ feeds, scalars, active: activeNetworks(program, active) });
      }),
    profile: () => profile?.take() ?? [],
    dispose: () => {
      if (isDisposed) return;
      assert(underWay === null, `dispose while ${underWay} is under way`);
      isDisposed = true;
      core.dispose();
    },
  };
}

function found<T>(what: string, name: string, all: ReadonlyMap<string, T>): T {
  const one = all.get(name);
  if (one !== undefined) return one;
  throw new ShapeError(`no ${what} is named ${name}; there are ${[...all.keys()].join(', ')}`);
}

function checkScalars(program: Program, scalars: Scalars): void {
  for (const name of program.scalars) {
    if (scalars[name] === undefined) throw new ShapeError(`scalar ${name} is missing`);
  }
}

function checkFeeds(program: Program, feeds: Tensors): void {
  for (const { name, value } of program.feeds) {
    const fed = feeds[name];
    if (!fed) throw new ShapeError(`feed ${name} is missing`);
    requireType(`feed ${name}`, fed, program.values[value] as TensorType);
    requireData(`feed ${name}`, fed);
  }
}

function activeNetworks(
  { networks }: Program,
  active: readonly boolean[] | undefined,
): readonly boolean[] {
  if (!active) return networks.map(() => true);
  if (active.length === networks.length) return active;
  throw new ShapeError(`active has ${active.length} elements for ${networks.length} networks`);
}
