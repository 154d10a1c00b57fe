// A small gang for the behaviour checks: networks on one frozen convolution, each with a head of
// its own, with a train and a test entry.
import { streamKey } from '../../src/base/random-stream.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Program, ValueId } from '../../src/program/types.js';
import type { HostTensor, TensorType } from '../../src/tensor/tensor.js';
import type { Executable, Executor } from '../../src/executors/executor.js';
import { squareSliding, squareWindow } from '../../src/tensor/window.js';
import { filled } from './fill.js';

const batch = 3;
const classes = 7;
const types = {
  x: { dtype: 'f32', shape: [batch, 3, 8, 8] },
  labels: { dtype: 'i32', shape: [batch] },
  'frozen.w': { dtype: 'f32', shape: [20, 3, 3, 3] },
  'frozen.b': { dtype: 'f32', shape: [20] },
  'conv.w': { dtype: 'f32', shape: [16, 20, 3, 3] },
  'conv.b': { dtype: 'f32', shape: [16] },
  'head.w': { dtype: 'f32', shape: [classes, 256] },
  'head.b': { dtype: 'f32', shape: [classes] },
} satisfies Record<string, TensorType>;

const headSlots = ['conv.w', 'conv.b', 'head.w', 'head.b'] as const;

/** Slots of one network's own: weights, and velocities under "v" + name. */
export function ownSlots(network: string): readonly string[] {
  return headSlots.flatMap((slot) => [`${network}/${slot}`, `v${network}/${slot}`]);
}

/** Slots that no program updates. */
export const frozenSlots = ['frozen.w', 'frozen.b'] as const;

/** conv (frozen) - relu - pool - conv - relu - dropout - ip - loss for each name; test has no
 *  dropout and no update. */
export function gangPrograms(names: readonly string[]): { train: Program; test: Program } {
  return { train: gangProgram(names, true), test: gangProgram(names, false) };
}

function gangProgram(names: readonly string[], isTraining: boolean): Program {
  const builder = new ProgramBuilder();
  for (const name of names) addNetwork(builder, name, isTraining);
  return builder.finish();
}

function addNetwork(builder: ProgramBuilder, name: string, isTraining: boolean): void {
  const network = builder.network(name);
  const x = builder.feed('x', types.x);
  const labels = builder.feed('labels', types.labels);
  const [w, b] = frozenSlots.map((slot) => builder.slot(slot, types[slot])) as [ValueId, ValueId];
  const own = headSlots.map((slot) => builder.slot(`${name}/${slot}`, types[slot]));
  const [convW, convB, headW, headB] = own as [ValueId, ValueId, ValueId, ValueId];
  const same = { ...squareSliding({ pad: 1 }), groups: 1 };

  const frozen = builder.apply('relu', {}, [builder.apply('convolution', same, [x, w, b])]);
  const pooled = builder.apply('max_pool', squareWindow(3, 'ceil', { stride: 2 }), [frozen]);
  let hidden = builder.apply('relu', {}, [
    builder.apply('convolution', same, [pooled, convW, convB]),
  ]);
  if (isTraining) {
    const shape = builder.typeOf(hidden).shape;
    const mask = { shape, ratio: 0.5, key: streamKey(['gang', name]) };
    hidden = builder.apply('multiply', {}, [hidden, builder.apply('dropout_mask', mask, [])]);
  }
  const logits = builder.apply('inner_product', {}, [hidden, headW, headB]);
  const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
  builder.output(`${name}/loss`, loss, network);
  builder.output(`${name}/correct`, builder.apply('top1_correct', {}, [logits, labels]), network);
  if (!isTraining) {
    builder.output(`${name}/logits`, logits, network);
    return;
  }
  const params = { lrMult: 1, momentum: 0.9, weightDecay: 0.01 };
  differentiate(builder, loss, own).forEach((gradient, index) => {
    const slot = headSlots[index] as (typeof headSlots)[number];
    const velocity = builder.slot(`v${name}/${slot}`, types[slot], `${name}/${slot}`);
    const inputs = [own[index] as ValueId, velocity, gradient as ValueId];
    const [nextW, nextV] = builder.emit('sgd_update', params, inputs) as [ValueId, ValueId];
    builder.setNext(`${name}/${slot}`, nextW, network);
    builder.setNext(`v${name}/${slot}`, nextV, network);
  });
}

/** The gang compiled, with every slot filled by its name (velocities zero): a network starts the
 *  same in any company. */
export async function startGang(executor: Executor, names: readonly string[]): Promise<Executable> {
  const options = { precision: 'fp32', exact: true } as const;
  const executable = await executor.compile(gangPrograms(names), options);
  for (const slot of frozenSlots) await executable.write(slot, startOf(slot, types[slot]));
  for (const name of names) {
    for (const slot of headSlots) {
      const type: TensorType = types[slot];
      await executable.write(`${name}/${slot}`, startOf(`${name}/${slot}`, type));
      const zeros = new Float32Array(type.shape.reduce((a, b) => a * b, 1));
      await executable.write(`v${name}/${slot}`, { ...type, data: zeros });
    }
  }
  return executable;
}

/** What `startGang` wrote to a weight slot. */
export function startOf(slot: string, type: TensorType): HostTensor {
  return filled(slot, type, { amplitude: 0.3 }, 'reals');
}

/** The minibatch of an iteration. */
export function minibatch(iteration: number): Record<string, HostTensor> {
  return {
    x: filled(`x ${iteration}`, types.x, {}, 'reals'),
    labels: filled(`labels ${iteration}`, types.labels, { below: classes }, 'reals'),
  };
}

/** Types of the gang's slots by their name without network. */
export const slotTypes: Readonly<Record<string, TensorType>> = types;
