// All networks of a gang as one train program and one test program over shared slots.
import { contentHash } from '../base/canonical-json.js';
import type { ImageForm } from '../data/image-form.js';
import { type Blob, weightLayers, type WeightLayer } from '../net/network.js';
import { ProgramBuilder } from '../program/builder.js';
import { differentiate } from '../program/differentiate.js';
import type { Program, ValueId } from '../program/types.js';
import type { Shape } from '../tensor/tensor.js';
import type { GangJob, NetworkJob } from './job.js';
import { type BlobName, lowerNetwork } from '../net/lower.js';

/** One parameter tensor of one network of the gang, and the slot that holds it (shared if
 *  frozen). */
export interface Parameter {
  readonly slot: string;
  readonly layer: string;
  readonly blobName: BlobName;
  readonly blob: Blob;
  readonly shape: Shape;
  /** `source`: copied from the base; `random`: drawn from the nested random stream; `fresh`: drawn
   *  from the network's own. */
  readonly origin: 'fresh' | 'source' | 'random';
  readonly isTrainable: boolean;
}

/** The programs of a gang with what the trainer needs to fill and read them. */
export interface GangPrograms {
  readonly train: Program;
  readonly test: Program;
  /** Parameters by network, in layer order. */
  readonly parameters: readonly (readonly Parameter[])[];
}

/** Slot of a trainable parameter's velocity. */
export function velocitySlot(parameter: Parameter): string {
  return `${parameter.slot}/velocity`;
}

/** Slot of a mean image. */
export function meanSlot(mean: string): string {
  return `mean:${mean}`;
}

/** Builds both programs. Outputs: `loss:<i>` (train); `loss:<i>` and `correct:<i>` (test); i =
 *  index of the network. */
export function buildGangPrograms(job: GangJob, images: ImageForm): GangPrograms {
  const parameters = job.networks.map(() => [] as Parameter[]);
  return {
    train: buildProgram(job, images, 'train', parameters),
    test: buildProgram(
      job,
      images,
      'test',
      job.networks.map(() => []),
    ),
    parameters,
  };
}

function buildProgram(
  job: GangJob,
  images: ImageForm,
  mode: 'train' | 'test',
  parameters: Parameter[][],
): Program {
  const builder = new ProgramBuilder();
  const { batch } = job.schedule;
  const { network } = job;
  const { target } = job.input;
  const { crop } = network;
  const crops = builder.feed('crops', {
    dtype: 'u8',
    shape: [batch, images.channels, crop, crop],
  });
  const windows = builder.feed('windows', { dtype: 'i32', shape: [batch, 3] });
  const labels = builder.feed('labels', { dtype: 'i32', shape: [batch] });
  const meanShape = [images.channels, images.height, images.width];

  job.networks.forEach((member, index) => {
    const id = builder.network(member.name);
    const mean = builder.slot(meanSlot(member.mean), { dtype: 'f32', shape: meanShape });
    const x = builder.apply('normalise', { scale: network.inputScale }, [crops, windows, mean]);
    const list = parameters[index] as Parameter[];
    const values: ValueId[] = [];
    const logits = lowerNetwork(builder, network, x, {
      mode,
      classes: target.classes.length,
      dropoutStream: member.dropoutStream,
      parameter: (layer, blobName, shape) => {
        const parameter = describe(job, member, layer, blobName, shape);
        list.push(parameter);
        values.push(builder.slot(parameter.slot, { dtype: 'f32', shape }));
        return values.at(-1) as ValueId;
      },
    });
    const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
    builder.output(`loss:${index}`, loss, id);
    if (mode === 'test') {
      builder.output(`correct:${index}`, builder.apply('top1_correct', {}, [logits, labels]), id);
    } else {
      addUpdates(builder, job, id, loss, list, values);
    }
  });
  return builder.finish();
}

/** Which slot a parameter lives in. Frozen slots are named by what determines their content, so
 *  equal ones are one slot. */
function describe(
  job: GangJob,
  member: NetworkJob,
  layer: WeightLayer,
  blobName: BlobName,
  shape: Shape,
): Parameter {
  const n = weightLayers(job.network).indexOf(layer) + 1;
  const isCopied = n <= member.copied;
  const isTrainable = n > member.frozen;
  const origin = !isCopied ? 'fresh' : member.source === null ? 'random' : 'source';
  const owner = isTrainable
    ? member.name
    : origin === 'source'
      ? `run:${member.sourceIdentity}`
      : `random:${contentHash([...member.frozenInitStream])}`;
  return {
    slot: `${owner}/${layer.name}.${blobName}`,
    layer: layer.name,
    blobName,
    blob: layer[blobName],
    shape,
    origin,
    isTrainable,
  };
}

function addUpdates(
  builder: ProgramBuilder,
  job: GangJob,
  network: number,
  loss: ValueId,
  parameters: readonly Parameter[],
  values: readonly ValueId[],
): void {
  const trainable = parameters
    .map((parameter, i) => ({ parameter, w: values[i] as ValueId }))
    .filter(({ parameter }) => parameter.isTrainable);
  const gradients = differentiate(
    builder,
    loss,
    trainable.map(({ w }) => w),
  );
  const { momentum, weightDecay } = job.schedule;
  trainable.forEach(({ parameter, w }, i) => {
    const { slot, shape, blob } = parameter;
    const v = builder.slot(velocitySlot(parameter), { dtype: 'f32', shape }, slot);
    const params = {
      lrMult: blob.lrMult,
      momentum,
      weightDecay: weightDecay * blob.decayMult,
    };
    const [w2, v2] = builder.emit('sgd_update', params, [w, v, gradients[i] as ValueId]);
    builder.setNext(slot, w2 as ValueId, network);
    builder.setNext(velocitySlot(parameter), v2 as ValueId, network);
  });
}
