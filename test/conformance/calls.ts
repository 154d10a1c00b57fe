// What an executable promises about its calls: one at a time, none after dispose, and what a run
// that fails leaves behind.
import { deepStrictEqual, ok, rejects } from 'node:assert';
import { DataError, SelfferError } from '../../src/base/errors.js';
import type { Executable, Executor } from '../../src/executors/executor.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { Program, ValueId } from '../../src/program/types.js';
import type { HostTensor, TensorType } from '../../src/tensor/tensor.js';
import type { Check } from './checks.js';
import { filled } from './fill.js';

const [rows, columns, classes] = [4, 6, 5];
const types = {
  x: { dtype: 'f32', shape: [rows, columns] },
  labels: { dtype: 'i32', shape: [rows] },
  frozen: { dtype: 'f32', shape: [rows, columns] },
  w: { dtype: 'f32', shape: [classes, columns] },
  b: { dtype: 'f32', shape: [classes] },
} satisfies Record<string, TensorType>;
const names = ['a', 'b', 'c'] as const;
const own = names.map((name) => [`${name}/w`, `${name}/b`, `${name}/vw`, `${name}/vb`] as const);
const allSlots: readonly string[] = ['frozen', ...own.flat()];

/** Three linear networks, each with labels of its own: one of them can fail alone. */
function program(): Program {
  const builder = new ProgramBuilder();
  for (const [index, name] of names.entries()) {
    const network = builder.network(name);
    const frozen = builder.slot('frozen', types.frozen);
    const x = builder.apply('multiply', {}, [builder.feed('x', types.x), frozen]);
    const [w, b, vw, vb] = own[index]!;
    const parameters = [builder.slot(w, types.w), builder.slot(b, types.b)];
    const logits = builder.apply('inner_product', {}, [x, ...parameters]);
    const labels = builder.feed(`labels ${name}`, types.labels);
    const loss = builder.apply('softmax_cross_entropy', {}, [logits, labels]);
    builder.output(`loss ${name}`, loss, network);
    differentiate(builder, loss, parameters).forEach((gradient, i) => {
      const [slot, velocity] = [[w, b][i]!, [vw, vb][i]!];
      const v = builder.slot(velocity, builder.typeOf(parameters[i]!), slot);
      const params = { lrMult: 1, momentum: 0.9, weightDecay: 0.01 };
      const inputs = [parameters[i]!, v, gradient as ValueId];
      const [nextW, nextV] = builder.emit('sgd_update', params, inputs);
      builder.setNext(slot, nextW as ValueId, network);
      builder.setNext(velocity, nextV as ValueId, network);
    });
  }
  return builder.finish();
}

function start(slot: string): HostTensor {
  const type = slot === 'frozen' ? types.frozen : slot.endsWith('w') ? types.w : types.b;
  return filled(slot, type, { amplitude: 0.5 }, 'reals');
}

/** Fit feeds; the network in `failing` has a label that is out of range. */
function feeds(failing?: string): Record<string, HostTensor> {
  const labels = names.map((name) => {
    const content = { below: classes };
    const tensor = filled(`labels ${name}`, types.labels, content, 'reals');
    if (name === failing) tensor.data[rows - 1] = classes;
    return [`labels ${name}`, tensor] as const;
  });
  return { x: filled('x', types.x, {}, 'reals'), ...Object.fromEntries(labels) };
}

const scalars = { learningRate: 0.1, iteration: 0 };
const bits = ({ data }: HostTensor): readonly number[] => [...data];

async function fillSlots(executable: Executable): Promise<void> {
  for (const slot of allSlots) await executable.write(slot, start(slot));
}

async function slotBits(executable: Executable): Promise<Record<string, readonly number[]>> {
  const found: Record<string, readonly number[]> = {};
  for (const slot of allSlots) found[slot] = bits(await executable.read(slot));
  return found;
}

async function withExecutable(
  executor: Executor,
  use: (executable: Executable) => Promise<void>,
): Promise<void> {
  const options = { precision: 'fp32', exact: true } as const;
  const executable = await executor.compile({ main: program() }, options);
  try {
    await fillSlots(executable);
    await use(executable);
  } finally {
    executable.dispose();
  }
}

const isInternal = (error: unknown): boolean =>
  error instanceof SelfferError && error.code === 'internal';

const check = (name: string, use: (executable: Executable) => Promise<void>): Check => ({
  line: `behaviour: ${name}`,
  run: (executor) => withExecutable(executor, use),
});

/** Every check of calls. */
export const callChecks: readonly Check[] = [
  check(
    'a run that fails leaves old or next values, and the executable can be used',
    async (it) => {
      const old = await slotBits(it);
      const outputs = await it.run('main', feeds(), scalars);
      const next = await slotBits(it);
      for (const failing of names) {
        await fillSlots(it);
        // c rests unless it is the one that fails.
        const isActive = [true, true, failing === 'c'];
        await rejects(it.run('main', feeds(failing), scalars, isActive), DataError);
        for (const [slot, found] of Object.entries(await slotBits(it))) {
          const [owner] = slot.split('/');
          const isUpdated = isActive[names.findIndex((name) => name === owner)] ?? false;
          // The one that failed has no next values.
          const allowed = isUpdated && owner !== failing ? [old[slot], next[slot]] : [old[slot]];
          ok(
            allowed.some((values) => JSON.stringify(values) === JSON.stringify(found)),
            `${slot} is ${found.join()} after the run of ${failing} has failed`,
          );
        }
        await fillSlots(it);
        deepStrictEqual(await it.run('main', feeds(), scalars), outputs);
        deepStrictEqual(await slotBits(it), next);
      }
    },
  ),
  check('arguments that do not fit change nothing', async (it) => {
    const old = await slotBits(it);
    const { x, ...others } = feeds();
    await rejects(it.run('main', others, scalars));
    await rejects(it.run('main', { ...others, x: x! }, scalars, [true]));
    await rejects(it.run('none', feeds(), scalars));
    deepStrictEqual(await slotBits(it), old);
  }),
  check('one call at a time: a second is refused and does not disturb the first', async (it) => {
    const expected = await it.run('main', feeds(), scalars);
    const next = await slotBits(it);
    await fillSlots(it);
    const first = it.run('main', feeds(), scalars);
    const others = await Promise.allSettled([
      it.run('main', feeds(), scalars),
      it.read('frozen'),
      it.write('frozen', start('frozen')),
    ]);
    for (const other of others) ok(other.status === 'rejected' && isInternal(other.reason));
    deepStrictEqual(await first, expected);
    deepStrictEqual(await slotBits(it), next);
  }),
  check('after dispose every call is refused, and a second dispose does nothing', async (it) => {
    it.dispose();
    it.dispose();
    await rejects(it.run('main', feeds(), scalars), isInternal);
    await rejects(it.read('frozen'), isInternal);
    await rejects(it.write('frozen', start('frozen')), isInternal);
  }),
];
