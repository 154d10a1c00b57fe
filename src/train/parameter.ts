// One blob of one network of a gang: which slot holds it, where its first values come from, and
// whether training may change it.
import { contentHash } from '../base/canonical-json.js';
import type { BlobSpec } from '../net/layers/blob.js';
import type { ValueId } from '../program/types.js';
import { solverRule } from '../program/solvers/table.js';
import { isWeightLayer } from '../net/network.js';
import type { Layer } from '../net/layers/table.js';
import type { NetworkJob, Schedule } from './job.js';

/** A blob in its slot, which networks share if it is frozen. */
export interface Parameter {
  readonly slot: string;
  readonly layer: string;
  readonly blob: BlobSpec;
  /** `source`: copied from the base; `random`: drawn from the nested random stream; `fresh`: drawn
   *  from the network's own. */
  readonly origin: 'fresh' | 'source' | 'random';
  /** Whether training leaves it as it is, bit for bit, learned or statistic. */
  readonly isFrozen: boolean;
  /** Names of what the solver keeps beside it; empty for what the solver does not change. */
  readonly solverState: readonly string[];
}

/** A parameter and its value at the start of an iteration. */
export interface ParameterValue {
  readonly parameter: Parameter;
  readonly value: ValueId;
}

/** The parameter that a blob of a layer is to a network. Frozen slots are named by what determines
 *  their content, so equal ones are one slot. */
export function parameterOf(
  member: NetworkJob,
  { solver, noDecay }: Schedule,
  of: Layer,
  spec: BlobSpec,
): Parameter {
  const { name: layer } = of;
  const isCopied = member.copied.includes(layer);
  const isEstimated = spec.role === 'statistic' && member.frozenStatistics === 'target';
  const isFrozen = member.frozen.includes(layer) && !isEstimated;
  const origin = !isCopied ? 'fresh' : member.source === null ? 'random' : 'source';
  const owner = !isFrozen
    ? member.name
    : origin === 'source'
      ? `run:${member.sourceIdentity}`
      : `random:${contentHash([...member.frozenInitStream])}`;
  const decays = noDecay === undefined || (isWeightLayer(of) && spec.name === 'weight');
  const rate = origin === 'source' ? (member.copiedRate ?? 1) : 1;
  const lrMult = spec.lrMult * rate;
  const blob = { ...spec, lrMult, decayMult: decays ? spec.decayMult : 0 };
  const solverState = isLearning({ isFrozen, blob }) ? solverRule(solver).state : [];
  return { slot: `${owner}/${layer}.${blob.name}`, layer, blob, origin, isFrozen, solverState };
}

/** Name of a parameter in weight files and checkpoints: "conv1.weight". */
export function tensorName({ layer, blob }: Pick<Parameter, 'layer' | 'blob'>): string {
  return `${layer}.${blob.name}`;
}

/** True for what the solver changes along its gradient. */
export function isLearning({ isFrozen, blob }: Pick<Parameter, 'isFrozen' | 'blob'>): boolean {
  return !isFrozen && blob.role === 'learned';
}

/** Slot of one of a parameter's `solverState`. */
export function stateSlot({ slot }: Pick<Parameter, 'slot'>, state: string): string {
  return `${slot}/${state}`;
}

/** What of a parameter changes in training, so that a checkpoint must hold it: slots with the names
 *  that checkpoints give them. Empty for frozen ones. */
export function changingSlots(
  parameter: Parameter,
): readonly { readonly slot: string; readonly name: string }[] {
  if (parameter.isFrozen) return [];
  const name = tensorName(parameter);
  return [
    { slot: parameter.slot, name },
    ...parameter.solverState.map((state) => ({
      slot: stateSlot(parameter, state),
      name: `${name}/${state}`,
    })),
  ];
}
