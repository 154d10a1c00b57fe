// One entry of an executable: a program, lowered anew for each set of networks that are active.
import { nodeFlops } from '../../program/flops.js';
import type { OpName } from '../../program/ops/params.js';
import type { Program } from '../../program/types.js';
import type { HostTensor } from '../../tensor/tensor.js';
import type { Scalars } from '../executor.js';
import type { Profile } from '../profile.js';
import type { CheckedRun, EntryCore, Tensors } from '../shell.js';
import type { LoweredProgram, LoweringSetting } from './compile/lower-program.js';
import { lowerProgram } from './compile/lower-program.js';
import { Session, type SessionSetting, type Times } from './session.js';
import { plain, type PlainTensor, type SlotStore, zeros } from './slot-store.js';

/** How entries are made. */
export type EntrySetting = LoweringSetting & SessionSetting;

interface Ready {
  readonly lowered: LoweredProgram;
  /** Null where nothing is to be computed. */
  readonly session: Session | null;
  /** Filled anew for every run. */
  readonly hostInputs: ReadonlyMap<string, PlainTensor>;
}

/** Sets of active networks whose sessions are kept: networks end one by one, so that earlier sets
 *  do not come back. */
const KEPT = 2;

/** Runs one program over the slots of its executable. */
export class Entry implements EntryCore {
  readonly #program: Program;
  readonly #slots: SlotStore;
  readonly #setting: EntrySetting;
  readonly #profile: Profile | undefined;
  // Mask of active networks -> what runs, the latest last.
  readonly #ready = new Map<string, Ready>();

  private constructor(
    program: Program,
    slots: SlotStore,
    setting: EntrySetting,
    profile: Profile | undefined,
  ) {
    this.#program = program;
    this.#slots = slots;
    this.#setting = setting;
    this.#profile = profile;
  }

  /** An entry that is ready to run with all networks.
   *  @param profile filled while running, if given
   *  @throws UnsupportedOpError, NativeError */
  static async open(
    program: Program,
    slots: SlotStore,
    setting: EntrySetting,
    profile?: Profile,
  ): Promise<Entry> {
    const entry = new Entry(program, slots, setting, profile);
    await entry.#readyFor(program.networks.map(() => true));
    return entry;
  }

  /** See Executable.run. Slots change only after the whole graph has run: a run that throws changes
   *  nothing. @throws DataError for a label or a window out of range, NativeError */
  async run({ feeds, scalars, active }: CheckedRun): Promise<Record<string, HostTensor>> {
    const ready = await this.#readyFor(active);
    const { lowered, session } = ready;
    if (session === null) return {};
    this.#check(lowered, feeds);
    const inputs = this.#inputs(ready, feeds, scalars);
    const targets = this.#targets(lowered);
    if (this.#profile === undefined) await session.run(inputs, targets);
    else this.#account(this.#profile, active, await session.time(inputs, targets));
    return this.#collect(lowered, targets);
  }

  /** Frees its sessions. */
  release(): void {
    for (const { session } of this.#ready.values()) session?.release();
    this.#ready.clear();
  }

  async #readyFor(active: readonly boolean[]): Promise<Ready> {
    const key = active.join();
    const known = this.#ready.get(key);
    this.#ready.delete(key);
    const ready = known ?? (await this.#prepare(active));
    this.#ready.set(key, ready);
    const [oldest] = this.#ready;
    if (oldest !== undefined && this.#ready.size > KEPT) {
      oldest[1].session?.release();
      this.#ready.delete(oldest[0]);
    }
    return ready;
  }

  async #prepare(active: readonly boolean[]): Promise<Ready> {
    const lowered = lowerProgram(this.#program, active, this.#setting);
    const hostInputs = [...lowered.host.inputs].filter(([name]) => lowered.inputs.has(name));
    return {
      lowered,
      session: lowered.results.length === 0 ? null : await Session.open(lowered, this.#setting),
      hostInputs: new Map(hostInputs.map(([name, { type }]) => [name, zeros(type)])),
    };
  }

  #check({ host }: LoweredProgram, feeds: Tensors): void {
    for (const { given, check } of host.checks) {
      check(
        given.home === 'feed' ? (feeds[given.name] as HostTensor) : this.#slots.get(given.name),
      );
    }
  }

  #inputs(
    { lowered, hostInputs }: Ready,
    feeds: Tensors,
    scalars: Scalars,
  ): ReadonlyMap<string, PlainTensor> {
    const inputs = new Map<string, PlainTensor>();
    for (const [input, { home, name }] of lowered.given) {
      if (!lowered.inputs.has(input)) continue;
      const tensor = home === 'feed' ? plain(feeds[name] as HostTensor) : this.#slots.get(name);
      inputs.set(input, tensor);
    }
    for (const [name, tensor] of hostInputs) {
      lowered.host.inputs.get(name)?.fill(tensor.data as Float32Array, scalars);
      inputs.set(name, tensor);
    }
    return inputs;
  }

  // A value that is wanted twice is written once.
  #targets({ results, outputs }: LoweredProgram): ReadonlyMap<string, PlainTensor> {
    const targets = new Map<string, PlainTensor>();
    results.forEach(({ home, name, type }, at) => {
      const output = outputs[at] as string;
      if (targets.has(output)) return;
      targets.set(output, home === 'output' ? zeros(type) : this.#slots.spare(name));
    });
    return targets;
  }

  #collect(
    { results, outputs }: LoweredProgram,
    targets: ReadonlyMap<string, PlainTensor>,
  ): Record<string, HostTensor> {
    const collected: Record<string, HostTensor> = {};
    results.forEach(({ home, name }, at) => {
      const found = targets.get(outputs[at] as string) as PlainTensor;
      if (home === 'output') {
        collected[name] = { ...found, data: found.data.slice() };
        return;
      }
      const spare = this.#slots.spare(name);
      if (spare.data !== found.data) spare.data.set(found.data);
    });
    for (const { home, name } of results) if (home === 'slot') this.#slots.swap(name);
    return collected;
  }

  #account(profile: Profile, active: readonly boolean[], times: Times): void {
    const work = new Map<OpName, { calls: number; flops: number }>();
    for (const node of this.#program.nodes) {
      if (!node.owners.some((owner) => active[owner])) continue;
      const row = work.get(node.op) ?? { calls: 0, flops: 0 };
      row.calls += 1;
      row.flops += nodeFlops(this.#program, node, 'direct');
      work.set(node.op, row);
    }
    for (const [op, row] of work) profile.addCalls(op, { ...row, timeMs: times.get(op) ?? 0 });
  }
}
