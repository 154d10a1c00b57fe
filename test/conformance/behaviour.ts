// What executors must do beside arithmetic: keep state, share it between entries, obey the active
// mask, refuse what does not fit.
import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual, throws } from 'node:assert';
import { ShapeError } from '../../src/base/errors.js';
import type { Executable, Executor, Scalars } from '../../src/executors/executor.js';
import { elementCount, type HostTensor } from '../../src/tensor/tensor.js';
import type { Check } from './checks.js';
import { frozenSlots, minibatch, ownSlots, slotTypes, startGang, startOf } from './gang.js';

const at = (iteration: number): Scalars => ({ learningRate: 0.1, iteration });

function train(gang: Executable, iteration: number, active?: readonly boolean[]): Tensors {
  return gang.run('train', minibatch(iteration), at(iteration), active);
}

type Tensors = Record<string, HostTensor>;

const bits = (tensor: HostTensor | undefined): readonly number[] => [...(tensor?.data ?? [])];

const state = (gang: Executable, slots: readonly string[]): readonly (readonly number[])[] =>
  slots.map((slot) => bits(gang.read(slot)));

/** Runs `use` on the gang of `names` and disposes of it. */
function withGang<T>(
  executor: Executor,
  names: readonly string[],
  use: (gang: Executable) => T,
): T {
  const gang = startGang(executor, names);
  try {
    return use(gang);
  } finally {
    gang.dispose();
  }
}

const check = (name: string, run: (executor: Executor) => void): Check => ({
  line: `behaviour: ${name}`,
  run,
});

/** Every behaviour check. */
export const behaviourChecks: readonly Check[] = [
  check('a slot reads back the bits that were written, before and after runs', (executor) =>
    withGang(executor, ['a'], (gang) => {
      const wrote = frozenSlots.map((slot) => bits(startOf(slot, slotTypes[slot]!)));
      deepStrictEqual(state(gang, frozenSlots), wrote);
      for (let iteration = 0; iteration < 3; iteration++) train(gang, iteration);
      deepStrictEqual(state(gang, frozenSlots), wrote);
    }),
  ),
  check('read gives f32 slots as f32 of the declared shape, and a copy', (executor) =>
    withGang(executor, ['a'], (gang) => {
      const first = gang.read('a/conv.w');
      deepStrictEqual([first.dtype, first.shape], ['f32', [16, 20, 3, 3]]);
      const before = bits(first);
      first.data.fill(9);
      deepStrictEqual(bits(gang.read('a/conv.w')), before);
    }),
  ),
  check('write takes a copy, and a written slot is used by the next run', (executor) =>
    withGang(executor, ['a'], (gang) => {
      const before = gang.run('test', minibatch(0), at(0));
      const type = slotTypes['head.b']!;
      const bias = { ...type, data: new Float32Array(elementCount(type.shape)).fill(1) };
      gang.write('a/head.b', bias);
      bias.data.fill(50);
      const kept = bits(gang.read('a/head.b'));
      deepStrictEqual(
        kept,
        kept.map(() => 1),
      );
      const after = gang.run('test', minibatch(0), at(0));
      notDeepStrictEqual(bits(after['a/logits']), bits(before['a/logits']));
    }),
  ),
  check(
    'updates persist from run to run and reach the other entry, which changes nothing',
    (executor) =>
      withGang(executor, ['a'], (gang) => {
        const slots = ownSlots('a');
        const start = state(gang, slots);
        const untrained = bits(gang.run('test', minibatch(9), at(0))['a/logits']);
        deepStrictEqual(state(gang, slots), start);
        train(gang, 0);
        const one = state(gang, slots);
        one.forEach((values, index) => notDeepStrictEqual(values, start[index], slots[index]));
        const trained = bits(gang.run('test', minibatch(9), at(0))['a/logits']);
        notDeepStrictEqual(trained, untrained);
        deepStrictEqual(state(gang, slots), one);
        train(gang, 1);
        notDeepStrictEqual(state(gang, slots), one);
      }),
  ),
  check(
    'same start, same bits: compiled again, and restored from its slots in the middle',
    (executor) => {
      const slots = [...ownSlots('a'), ...frozenSlots];
      const [whole, middle] = withGang(executor, ['a'], (gang) => {
        for (let iteration = 0; iteration < 2; iteration++) train(gang, iteration);
        const saved = slots.map((slot) => gang.read(slot));
        for (let iteration = 2; iteration < 4; iteration++) train(gang, iteration);
        return [state(gang, slots), saved];
      });
      const resumed = withGang(executor, ['a'], (gang) => {
        slots.forEach((slot, index) => gang.write(slot, middle[index] as HostTensor));
        for (let iteration = 2; iteration < 4; iteration++) train(gang, iteration);
        return state(gang, slots);
      });
      deepStrictEqual(resumed, whole);
    },
  ),
  check('a network in a gang equals the network alone, bit for bit', (executor) => {
    const run = (names: readonly string[]): readonly unknown[] =>
      withGang(executor, names, (gang) => {
        const losses = [0, 1, 2].map((iteration) => bits(train(gang, iteration)['b/loss']));
        const tested = bits(gang.run('test', minibatch(9), at(0))['b/logits']);
        return [losses, tested, state(gang, ownSlots('b'))];
      });
    deepStrictEqual(run(['a', 'b', 'c']), run(['b']));
  }),
  check(
    'an inactive network has no outputs and keeps its slots; the active one does not notice',
    (executor) => {
      const alone = withGang(executor, ['b'], (gang) => {
        const loss = [train(gang, 0), train(gang, 1)].map((outputs) => bits(outputs['b/loss']));
        return [loss, state(gang, ownSlots('b'))];
      });
      withGang(executor, ['a', 'b'], (gang) => {
        const start = state(gang, ownSlots('a'));
        const runs = [0, 1].map((iteration) => train(gang, iteration, [false, true]));
        for (const outputs of runs)
          deepStrictEqual(Object.keys(outputs).sort(), ['b/correct', 'b/loss']);
        deepStrictEqual(state(gang, ownSlots('a')), start);
        const loss = runs.map((outputs) => bits(outputs['b/loss']));
        deepStrictEqual([loss, state(gang, ownSlots('b'))], alone);
        // Switched on again, it starts where it stood.
        const again = bits(train(gang, 0, [true, false])['a/loss']);
        deepStrictEqual(
          again,
          withGang(executor, ['a'], (only) => bits(train(only, 0)['a/loss'])),
        );
      });
    },
  ),
  check('with no network active nothing changes', (executor) =>
    withGang(executor, ['a', 'b'], (gang) => {
      const slots = [...ownSlots('a'), ...ownSlots('b')];
      const start = state(gang, slots);
      deepStrictEqual(Object.keys(train(gang, 0, [false, false])), []);
      deepStrictEqual(state(gang, slots), start);
    }),
  ),
  check('dropout follows the iteration and nothing else', (executor) =>
    withGang(executor, ['a'], (gang) => {
      const loss = (iteration: number): readonly number[] => {
        const scalars = { learningRate: 0, iteration };
        return bits(gang.run('train', minibatch(0), scalars)['a/loss']);
      };
      const first = loss(5);
      for (const slot of ownSlots('a'))
        if (slot.startsWith('v')) gang.write(slot, zeroed(gang, slot));
      notDeepStrictEqual(loss(6), first);
      deepStrictEqual(loss(5), first);
    }),
  ),
  check(
    'outputs stay as they were when the executable runs again; feeds are not changed',
    (executor) =>
      withGang(executor, ['a'], (gang) => {
        const fed = minibatch(0);
        const outputs = gang.run('test', fed, at(0));
        const kept = bits(outputs['a/logits']);
        gang.run('test', minibatch(1), at(0));
        train(gang, 2);
        deepStrictEqual(bits(outputs['a/logits']), kept);
        deepStrictEqual(fed, minibatch(0));
      }),
  ),
  check('NaN in the logits shows in the loss and is never a correct answer', (executor) =>
    withGang(executor, ['a'], (gang) => {
      const type = slotTypes['head.b']!;
      const data = new Float32Array(elementCount(type.shape)).fill(NaN);
      gang.write('a/head.b', { ...type, data });
      const outputs = gang.run('test', minibatch(0), at(0));
      ok(Number.isNaN(outputs['a/loss']?.data[0]), `loss is ${outputs['a/loss']?.data[0]}`);
      strictEqual(outputs['a/correct']?.data[0], 0);
    }),
  ),
  check(
    'unknown slots, feeds that are missing and wrong types are ShapeErrors, and the executable goes on',
    (executor) =>
      withGang(executor, ['a'], (gang) => {
        const { x, labels } = minibatch(0) as { x: HostTensor; labels: HostTensor };
        const expected = bits(gang.run('test', { x, labels }, at(0))['a/logits']);
        const bias = startOf('a/head.b', slotTypes['head.b']!);
        throws(() => gang.read('a/nothing'), ShapeError);
        throws(() => gang.write('a/nothing', bias), ShapeError);
        throws(() => gang.write('a/head.w', bias), ShapeError);
        throws(() => gang.write('a/head.b', { ...bias, dtype: 'i32' }), ShapeError);
        throws(() => gang.run('test', { x }, at(0)), ShapeError);
        throws(
          () => gang.run('test', { x: { ...x, shape: [3, 3, 64] }, labels }, at(0)),
          ShapeError,
        );
        throws(() => gang.run('nothing', { x, labels }, at(0)), ShapeError);
        throws(() => gang.run('test', { x, labels }, at(0), [true, true]), ShapeError);
        deepStrictEqual(bits(gang.run('test', { x, labels }, at(0))['a/logits']), expected);
      }),
  ),
  check('the profile counts ops when asked, and the footprint counts state', (executor) => {
    withGang(executor, ['a'], (gang) => {
      train(gang, 0);
      deepStrictEqual(gang.profile(), []);
      const elements = [...ownSlots('a'), ...frozenSlots].reduce(
        (sum, slot) => sum + gang.read(slot).data.length,
        0,
      );
      ok(gang.footprint.stateBytes >= 4 * elements, `${gang.footprint.stateBytes} state bytes`);
    });
  }),
];

function zeroed(gang: Executable, slot: string): HostTensor {
  const tensor = gang.read(slot);
  return { ...tensor, data: tensor.data.fill(0) };
}
