// What executors must do beside arithmetic: keep state, share it between entries, obey the active
// mask, refuse what does not fit.
import { deepStrictEqual, notDeepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import { ShapeError } from '../../src/base/errors.js';
import type { Executable, Executor, Scalars } from '../../src/executors/executor.js';
import { elementCount, type HostTensor } from '../../src/tensor/tensor.js';
import type { Check } from './checks.js';
import { frozenSlots, minibatch, ownSlots, slotTypes, startGang, startOf } from './gang.js';

const at = (iteration: number): Scalars => ({ learningRate: 0.1, iteration });

function train(gang: Executable, iteration: number, active?: readonly boolean[]): Promise<Tensors> {
  return gang.run('train', minibatch(iteration), at(iteration), active);
}

type Tensors = Record<string, HostTensor>;

const bits = (tensor: HostTensor | undefined): readonly number[] => [...(tensor?.data ?? [])];

/** What `work` gives for each item, one after the other: an executable takes one call at a time. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const found: R[] = [];
  for (const item of items) found.push(await work(item));
  return found;
}

const state = (gang: Executable, slots: readonly string[]): Promise<(readonly number[])[]> =>
  inTurn(slots, async (slot) => bits(await gang.read(slot)));

const losses = (gang: Executable, network: string, iterations: readonly number[]) =>
  inTurn(iterations, async (iteration) => bits((await train(gang, iteration))[`${network}/loss`]));

/** Runs `use` on the gang of `names` and disposes of it. */
async function withGang<T>(
  executor: Executor,
  names: readonly string[],
  use: (gang: Executable) => T | Promise<T>,
): Promise<T> {
  const gang = await startGang(executor, names);
  try {
    return await use(gang);
  } finally {
    gang.dispose();
  }
}

const check = (name: string, run: (executor: Executor) => Promise<void>): Check => ({
  line: `behaviour: ${name}`,
  run,
});

/** Every behaviour check. */
export const behaviourChecks: readonly Check[] = [
  check('a slot reads back the bits that were written, before and after runs', (executor) =>
    withGang(executor, ['a'], async (gang) => {
      const wrote = frozenSlots.map((slot) => bits(startOf(slot, slotTypes[slot]!)));
      deepStrictEqual(await state(gang, frozenSlots), wrote);
      for (let iteration = 0; iteration < 3; iteration++) await train(gang, iteration);
      deepStrictEqual(await state(gang, frozenSlots), wrote);
    }),
  ),
  check('read gives f32 slots as f32 of the declared shape, and a copy', (executor) =>
    withGang(executor, ['a'], async (gang) => {
      const first = await gang.read('a/conv.w');
      deepStrictEqual([first.dtype, first.shape], ['f32', [16, 20, 3, 3]]);
      const before = bits(first);
      first.data.fill(9);
      deepStrictEqual(bits(await gang.read('a/conv.w')), before);
    }),
  ),
  check('write takes a copy, and a written slot is used by the next run', (executor) =>
    withGang(executor, ['a'], async (gang) => {
      const before = await gang.run('test', minibatch(0), at(0));
      const type = slotTypes['head.b']!;
      const bias = { ...type, data: new Float32Array(elementCount(type.shape)).fill(1) };
      await gang.write('a/head.b', bias);
      bias.data.fill(50);
      const kept = bits(await gang.read('a/head.b'));
      deepStrictEqual(
        kept,
        kept.map(() => 1),
      );
      const after = await gang.run('test', minibatch(0), at(0));
      notDeepStrictEqual(bits(after['a/logits']), bits(before['a/logits']));
    }),
  ),
  check(
    'updates persist from run to run and reach the other entry, which changes nothing',
    (executor) =>
      withGang(executor, ['a'], async (gang) => {
        const slots = ownSlots('a');
        const start = await state(gang, slots);
        const untrained = bits((await gang.run('test', minibatch(9), at(0)))['a/logits']);
        deepStrictEqual(await state(gang, slots), start);
        await train(gang, 0);
        const one = await state(gang, slots);
        one.forEach((values, index) => notDeepStrictEqual(values, start[index], slots[index]));
        const trained = bits((await gang.run('test', minibatch(9), at(0)))['a/logits']);
        notDeepStrictEqual(trained, untrained);
        deepStrictEqual(await state(gang, slots), one);
        await train(gang, 1);
        notDeepStrictEqual(await state(gang, slots), one);
      }),
  ),
  check(
    'same start, same bits: compiled again, and restored from its slots in the middle',
    async (executor) => {
      const slots = [...ownSlots('a'), ...frozenSlots];
      const [whole, middle] = await withGang(executor, ['a'], async (gang) => {
        for (let iteration = 0; iteration < 2; iteration++) await train(gang, iteration);
        const saved = await inTurn(slots, (slot) => gang.read(slot));
        for (let iteration = 2; iteration < 4; iteration++) await train(gang, iteration);
        return [await state(gang, slots), saved] as const;
      });
      const resumed = await withGang(executor, ['a'], async (gang) => {
        for (const [index, slot] of slots.entries()) await gang.write(slot, middle[index]!);
        for (let iteration = 2; iteration < 4; iteration++) await train(gang, iteration);
        return await state(gang, slots);
      });
      deepStrictEqual(resumed, whole);
    },
  ),
  check('a network in a gang equals the network alone, bit for bit', async (executor) => {
    const run = (names: readonly string[]): Promise<readonly unknown[]> =>
      withGang(executor, names, async (gang) => {
        const trained = await losses(gang, 'b', [0, 1, 2]);
        const tested = bits((await gang.run('test', minibatch(9), at(0)))['b/logits']);
        return [trained, tested, await state(gang, ownSlots('b'))];
      });
    deepStrictEqual(await run(['a', 'b', 'c']), await run(['b']));
  }),
  check(
    'an inactive network has no outputs and keeps its slots; the active one does not notice',
    async (executor) => {
      const alone = await withGang(executor, ['b'], async (gang) => {
        return [await losses(gang, 'b', [0, 1]), await state(gang, ownSlots('b'))];
      });
      await withGang(executor, ['a', 'b'], async (gang) => {
        const start = await state(gang, ownSlots('a'));
        const runs = await inTurn([0, 1], (iteration) => train(gang, iteration, [false, true]));
        for (const outputs of runs)
          deepStrictEqual(Object.keys(outputs).sort(), ['b/correct', 'b/loss']);
        deepStrictEqual(await state(gang, ownSlots('a')), start);
        const loss = runs.map((outputs) => bits(outputs['b/loss']));
        deepStrictEqual([loss, await state(gang, ownSlots('b'))], alone);
        // Switched on again, it starts where it stood.
        const again = bits((await train(gang, 0, [true, false]))['a/loss']);
        deepStrictEqual(
          again,
          await withGang(executor, ['a'], async (only) => bits((await train(only, 0))['a/loss'])),
        );
      });
    },
  ),
  check('with no network active nothing changes', (executor) =>
    withGang(executor, ['a', 'b'], async (gang) => {
      const slots = [...ownSlots('a'), ...ownSlots('b')];
      const start = await state(gang, slots);
      deepStrictEqual(Object.keys(await train(gang, 0, [false, false])), []);
      deepStrictEqual(await state(gang, slots), start);
    }),
  ),
  check('dropout follows the iteration and nothing else', (executor) =>
    withGang(executor, ['a'], async (gang) => {
      const loss = async (iteration: number): Promise<readonly number[]> => {
        const scalars = { learningRate: 0, iteration };
        return bits((await gang.run('train', minibatch(0), scalars))['a/loss']);
      };
      const first = await loss(5);
      for (const slot of ownSlots('a'))
        if (slot.startsWith('v')) await gang.write(slot, await zeroed(gang, slot));
      notDeepStrictEqual(await loss(6), first);
      deepStrictEqual(await loss(5), first);
    }),
  ),
  check(
    'outputs stay as they were when the executable runs again; feeds are not changed',
    (executor) =>
      withGang(executor, ['a'], async (gang) => {
        const fed = minibatch(0);
        const outputs = await gang.run('test', fed, at(0));
        const kept = bits(outputs['a/logits']);
        await gang.run('test', minibatch(1), at(0));
        await train(gang, 2);
        deepStrictEqual(bits(outputs['a/logits']), kept);
        deepStrictEqual(fed, minibatch(0));
      }),
  ),
  check('NaN in the logits shows in the loss and is never a correct answer', (executor) =>
    withGang(executor, ['a'], async (gang) => {
      const type = slotTypes['head.b']!;
      const data = new Float32Array(elementCount(type.shape)).fill(NaN);
      await gang.write('a/head.b', { ...type, data });
      const outputs = await gang.run('test', minibatch(0), at(0));
      ok(Number.isNaN(outputs['a/loss']?.data[0]), `loss is ${outputs['a/loss']?.data[0]}`);
      strictEqual(outputs['a/correct']?.data[0], 0);
    }),
  ),
  check(
    'unknown slots, feeds that are missing and wrong types are ShapeErrors, and the executable goes on',
    (executor) =>
      withGang(executor, ['a'], async (gang) => {
        const { x, labels } = minibatch(0) as { x: HostTensor; labels: HostTensor };
        const expected = bits((await gang.run('test', { x, labels }, at(0)))['a/logits']);
        const bias = startOf('a/head.b', slotTypes['head.b']!);
        await rejects(gang.read('a/nothing'), ShapeError);
        await rejects(gang.write('a/nothing', bias), ShapeError);
        await rejects(gang.write('a/head.w', bias), ShapeError);
        await rejects(gang.write('a/head.b', { ...bias, dtype: 'i32' }), ShapeError);
        await rejects(gang.run('test', { x }, at(0)), ShapeError);
        await rejects(
          gang.run('test', { x: { ...x, shape: [3, 3, 64] }, labels }, at(0)),
          ShapeError,
        );
        await rejects(gang.run('nothing', { x, labels }, at(0)), ShapeError);
        const weights = await state(gang, ownSlots('a'));
        await rejects(gang.run('train', { x, labels }, { learningRate: 0.1 }), ShapeError);
        await rejects(gang.run('train', { x, labels }, { iteration: 0 }), ShapeError);
        deepStrictEqual(await state(gang, ownSlots('a')), weights);
        await rejects(gang.run('test', { x, labels }, at(0), [true, true]), ShapeError);
        deepStrictEqual(bits((await gang.run('test', { x, labels }, at(0)))['a/logits']), expected);
      }),
  ),
  check('the profile counts ops when asked, and the footprint counts state', async (executor) => {
    await withGang(executor, ['a'], async (gang) => {
      await train(gang, 0);
      deepStrictEqual(gang.profile(), []);
      const values = await state(gang, [...ownSlots('a'), ...frozenSlots]);
      const elements = values.flat().length;
      ok(gang.footprint.stateBytes >= 4 * elements, `${gang.footprint.stateBytes} state bytes`);
    });
  }),
];

async function zeroed(gang: Executable, slot: string): Promise<HostTensor> {
  const tensor = await gang.read(slot);
  return { ...tensor, data: tensor.data.fill(0) };
}
