// All networks of a gang as one train program and one test program over shared slots.
import { assert } from '../base/errors.js';
import type { ImageForm } from '../data/image-form.js';
import type { Mode } from '../net/layers/rule.js';
import { layerRules } from '../net/layers/table.js';
import { lowerNetwork } from '../net/lower.js';
import { ProgramBuilder } from '../program/builder.js';
import type { CrossEntropyParams } from '../program/ops/params.js';
import type { Program, ValueId } from '../program/types.js';
import type { GangJob, NetworkJob } from './job.js';
import { ownRate } from './learning-rate.js';
import { type Parameter, parameterOf, type ParameterValue } from './parameter.js';
import { addUpdates } from './updates.js';

/** The programs of a gang with what the trainer needs to fill and read them. */
export interface GangPrograms {
  readonly train: Program;
  readonly test: Program;
  /** Parameters by network, in layer order. */
  readonly parameters: readonly (readonly Parameter[])[];
}

/** Slot of a mean image. */
export function meanSlot(mean: string): string {
  return `mean:${mean}`;
}

/** What a caller may want otherwise. */
interface ProgramOptions {
  /** Of layers; tests give their own. */
  readonly rules?: typeof layerRules;
  /** Whether the test program says of each image whether it was answered right. */
  readonly answers?: boolean;
}

/** Builds both programs. Outputs: `loss:<i>` (train); `loss:<i>`, `correct:<i>` and, if asked for,
 *  `answers:<i>` i32 [N] (test); i = index of the network. */
export function buildGangPrograms(
  job: GangJob,
  images: ImageForm,
  { rules = layerRules, answers = false }: ProgramOptions = {},
): GangPrograms {
  const train = buildProgram(job, images, { mode: 'train', rules, answers });
  const test = buildProgram(job, images, { mode: 'test', rules, answers });
  return { train: train.program, test: test.program, parameters: train.parameters };
}

/** What all networks of a gang read. */
interface SharedInput {
  readonly crops: ValueId;
  readonly windows: ValueId;
  readonly labels: ValueId;
  readonly meanShape: readonly number[];
}

function buildProgram(
  job: GangJob,
  images: ImageForm,
  { mode, rules, answers }: Required<ProgramOptions> & { readonly mode: Mode },
): { readonly program: Program; readonly parameters: readonly (readonly Parameter[])[] } {
  const builder = new ProgramBuilder();
  const { batch } = job.schedule;
  const { height, width } = job.network.input;
  const shared: SharedInput = {
    crops: builder.feed('crops', { dtype: 'u8', shape: [batch, images.channels, height, width] }),
    windows: builder.feed('windows', { dtype: 'i32', shape: [batch, 3] }),
    labels: builder.feed('labels', { dtype: 'i32', shape: [batch] }),
    meanShape: [images.channels, images.height, images.width],
  };
  const parameters = job.networks.map((member, index) => {
    const id = builder.network(member.name);
    const lowered = lowerMember(builder, job, member, { shared, id, mode, rules });
    const { logits, blobs } = lowered;
    const loss = builder.apply('softmax_cross_entropy', lossParams(job, mode), [
      logits,
      shared.labels,
    ]);
    builder.output(`loss:${index}`, loss, id);
    if (mode === 'test') {
      const inputs = [logits, shared.labels];
      builder.output(`correct:${index}`, builder.apply('top1_correct', {}, inputs), id);
      if (answers) {
        const rows = builder.apply('top1_correct', { rows: true }, inputs);
        builder.output(`answers:${index}`, rows, id);
      }
    } else {
      const { schedule } = job;
      addUpdates(builder, { schedule, rate: ownRate(member) }, id, loss, blobs);
    }
    return blobs.map(({ parameter }) => parameter);
  });
  return { program: builder.finish(), parameters };
}

/** Labels are smoothed in training alone: tests measure what was learned. */
function lossParams({ schedule }: GangJob, mode: Mode): CrossEntropyParams {
  const { labelSmoothing: smoothing } = schedule;
  return mode === 'test' || smoothing === undefined ? {} : { smoothing };
}

/** How one network of a gang enters a program. */
interface Entering {
  readonly shared: SharedInput;
  readonly id: number;
  readonly mode: Mode;
  readonly rules: typeof layerRules;
}

function lowerMember(
  builder: ProgramBuilder,
  { network, input, schedule }: GangJob,
  member: NetworkJob,
  { shared, id, mode, rules }: Entering,
): { readonly logits: ValueId; readonly blobs: readonly ParameterValue[] } {
  const { crops, windows, meanShape } = shared;
  const mean = builder.slot(meanSlot(member.mean), { dtype: 'f32', shape: meanShape });
  const x = builder.apply('normalise', { scale: network.input.scale }, [crops, windows, mean]);
  const blobs: ParameterValue[] = [];
  const logits = lowerNetwork(builder, network, x, {
    mode,
    rules,
    classes: input.target.classes.length,
    dropoutStream: member.dropoutStream,
    frozen: new Set(member.frozen),
    ...(member.frozenStatistics === undefined ? {} : { frozenStatistics: 'target' as const }),
    blob: (layer, blob) => {
      const parameter = parameterOf(member, schedule, layer, blob);
      const value = builder.slot(parameter.slot, { dtype: 'f32', shape: blob.shape });
      blobs.push({ parameter, value });
      return value;
    },
    setStatistic: ({ name }, blob, next) => {
      const slot = blobs
        .map(({ parameter }) => parameter)
        .find((each) => each.layer === name && each.blob.name === blob)?.slot;
      assert(slot !== undefined, `layer ${name} has no blob ${blob}`);
      builder.setNext(slot, next, id);
    },
  });
  return { logits, blobs };
}
