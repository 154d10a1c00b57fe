// The kit must fail executors that are wrong: for each op a specimen with one wrong element, and
// specimens that misbehave.
import { describe, expect, test } from 'vitest';
import type { Executable, Executor } from '../../src/executors/executor.js';
import {
  createReferenceExecutor,
  type Kernel,
  type KernelTable,
  referenceKernels,
} from '../../src/executors/reference/index.js';
import { DataError } from '../../src/base/errors.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import type { OpName } from '../../src/program/ops/params.js';
import { behaviourChecks } from './behaviour.js';
import { callChecks } from './calls.js';
import type { ValueId } from '../../src/program/types.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import { problemsByOp } from './cases/table.js';
import { problemCheck } from './checks.js';
import { compareOutput } from './compare.js';

const ops = Object.keys(referenceKernels) as OpName[];

/** The reference with the last element of one op's output changed by a part in 2^14 of the largest
 *  (integers: by one). */
function withBroken<K extends OpName>(op: K, output: number): Executor {
  const whole: Kernel<K> = referenceKernels[op];
  const broken: Kernel<K> = (call) => {
    whole(call);
    const { dtype, data } = call.outputs[output] as (typeof call.outputs)[number];
    const largest =
      dtype === 'i32'
        ? 2 ** 14
        : Float64Array.from(data, Math.abs).reduce((a, b) => Math.max(a, b), 0);
    data[data.length - 1] = (data[data.length - 1] as number) + largest / 2 ** 14;
  };
  const kernels: KernelTable = { ...referenceKernels, [op]: broken };
  return createReferenceExecutor({ kernels });
}

/** Outputs of an op, counted in a problem that has it. Opaque ones too: they are found through the
 *  backward op that reads them. */
function outputsOf(op: OpName): [OpName, number][] {
  const { given, build } = problemsByOp[op][0]!;
  const builder = new ProgramBuilder();
  const values = Object.entries(given).map(([name, { home, type }]) => [
    name,
    builder[home](name, type),
  ]);
  build(builder, Object.fromEntries(values) as Record<string, ValueId>);
  const node = builder.nodes.find((each) => each.op === op)!;
  return node.outputs.map((_, index) => [op, index]);
}

const outputs = ops.flatMap(outputsOf);

test.each(outputs)('one wrong element in output of %s (%i) fails', async (op, output) => {
  const executor = withBroken(op, output);
  const problem =
    problemsByOp[op].find(({ line }) => !line.includes('mb1')) ?? problemsByOp[op][0]!;
  for (const fill of problem.fills) {
    const { run, line } = problemCheck(problem, fill, 'direct');
    await expect(run(executor), line).rejects.toThrow(
      /SELFFER_ONLY='[^']+'\n[a-z.0-9]+ is wrong in \d+ of/,
    );
  }
});

type Change = (whole: Executable) => Partial<Executable>;

function withChange(change: Change): Executor {
  const executor = createReferenceExecutor();
  return {
    info: executor.info,
    compile: async (entries, options) => {
      const whole = await executor.compile(entries, options);
      return { ...whole, ...change(whole) };
    },
  };
}

const misbehaviours: Record<string, Change> = {
  'ignores the active mask': (whole) => ({
    run: (entry, feeds, scalars) => whole.run(entry, feeds, scalars),
  }),
  'forgets its updates': (whole) => ({
    run: async (entry, feeds, scalars, active) => {
      const slots = ['a/conv.w', 'a/conv.b', 'a/head.w', 'a/head.b', 'frozen.w', 'frozen.b'];
      const kept: HostTensor[] = [];
      for (const slot of slots) kept.push(await whole.read(slot));
      const outputs = await whole.run(entry, feeds, scalars, active);
      for (const [index, slot] of slots.entries()) await whole.write(slot, kept[index]!);
      return outputs;
    },
  }),
  'moves frozen weights': (whole) => ({
    run: async (entry, feeds, scalars, active) => {
      const frozen = await whole.read('frozen.w');
      frozen.data[0] = (frozen.data[0] as number) + 1e-6;
      await whole.write('frozen.w', frozen);
      return whole.run(entry, feeds, scalars, active);
    },
  }),
  'ignores the iteration': (whole) => ({
    run: (entry, feeds, scalars, active) =>
      whole.run(entry, feeds, { ...scalars, iteration: 0 }, active),
  }),
  'swallows errors of shape': (whole) => ({
    write: async (slot, tensor) => {
      try {
        await whole.write(slot, tensor);
      } catch {
        /* the specimen's fault */
      }
    },
  }),
  'spoils other slots when a run fails': (whole) => ({
    run: async (entry, feeds, scalars, active) => {
      try {
        return await whole.run(entry, feeds, scalars, active);
      } catch (error) {
        if ('labels c' in feeds) await whole.write('c/w', await whole.read('c/vw'));
        throw error;
      }
    },
  }),
  'is of no use after a run that failed': (whole) => {
    let hasFailed = false;
    return {
      run: async (...call) => {
        if (hasFailed) throw new DataError('a run has failed');
        return whole.run(...call).catch((error: unknown) => {
          hasFailed = error instanceof DataError;
          throw error;
        });
      },
    };
  },
  'lets calls queue': (whole) => {
    let last: Promise<unknown> = Promise.resolve();
    return {
      run: (...call) => {
        const run = last.then(() => whole.run(...call));
        last = run.catch(() => {});
        return run;
      },
    };
  },
  'answers after dispose': (whole) => ({
    dispose: () => {},
    read: (slot) => whole.read(slot),
  }),
  'rounds what it reads': (whole) => ({
    read: async (slot) => {
      const tensor = await whole.read(slot);
      return {
        ...tensor,
        data: Float32Array.from(tensor.data, (x) => Math.round(x * 4096) / 4096),
      };
    },
  }),
};

test.each(Object.keys(misbehaviours))('an executor that %s fails', async (name) => {
  const executor = withChange(misbehaviours[name] as Change);
  const failed: string[] = [];
  for (const { line, run } of [...behaviourChecks, ...callChecks]) {
    await run(executor).catch(() => failed.push(line));
  }
  expect(failed).not.toEqual([]);
});

describe('comparison', () => {
  const tensor = (...values: number[]) =>
    ({ dtype: 'f32', shape: [values.length], data: Float64Array.from(values) }) as const;
  const exact = { type: 'exact' } as const;

  test('NaN equals nothing, not even NaN', () => {
    const loose = { type: 'absolute', bound: Infinity } as const;
    expect(compareOutput(tensor(1, NaN), tensor(1, 2), loose, undefined, 1)).toMatch(
      /\[1\]: found NaN/,
    );
    expect(compareOutput(tensor(1, NaN), tensor(1, NaN), exact, undefined, 1)).toMatch(
      /is wrong in 1 of 2/,
    );
    expect(compareOutput(tensor(1, 2), tensor(1, NaN), exact, undefined, 1)).toMatch(
      /reference NaN/,
    );
  });

  test('nearly all zeros are mistrusted', () => {
    const zeros = tensor(0, 0, 0, 0, 1);
    expect(compareOutput(zeros, zeros, exact, undefined, 0.75)).toMatch(/mistrusted: 4 of 5/);
    expect(compareOutput(zeros, zeros, exact, undefined, 0.8)).toBeNull();
  });

  test('type, shape and presence come first', () => {
    const i32 = { dtype: 'i32', shape: [1], data: Int32Array.of(1) } as const;
    expect(compareOutput(i32, tensor(1), exact, undefined, 1)).toMatch(
      /is i32\[1\], wanted f32\[1\]/,
    );
    expect(
      compareOutput({ ...tensor(1, 1), shape: [2, 1] }, tensor(1, 1), exact, undefined, 1),
    ).toMatch(/wanted f32\[2\]/);
    expect(compareOutput(undefined, tensor(1), exact, undefined, 1)).toBe('is missing');
  });

  test('the bound is factor u S', () => {
    const limit = { type: 'sum', factor: 16 } as const;
    const bound = 16 * 2 ** -24 * 3;
    expect(compareOutput(tensor(1 + bound * 0.99), tensor(1), limit, tensor(3), 1)).toBeNull();
    expect(compareOutput(tensor(1 + bound * 1.01), tensor(1), limit, tensor(3), 1)).toMatch(
      /allowed 2.86e-6/,
    );
  });
});
