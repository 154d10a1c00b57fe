// Executors that lack an op: with a rule they compute the same as the op itself, without one they
// refuse it when compiling and say why.
import { describe, expect, test } from 'vitest';
import { ExecutorMissingError, UnsupportedOpError } from '../../src/base/errors.js';
import type { Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import { lowerings } from '../../src/executors/onednn/compile/table.js';
import { onnxLowerings } from '../../src/executors/onnx/compile/table.js';
import { createReferenceExecutor, referenceKernels } from '../../src/executors/reference/index.js';
import { unsupported } from '../../src/executors/support.js';
import { decompose, type Decompositions, decompositions } from '../../src/program/decompose.js';
import type { OpName } from '../../src/program/ops/params.js';
import type { ValueId } from '../../src/program/types.js';
import { elementCount, sameShape } from '../../src/tensor/tensor.js';
import { rowsOf } from '../portable.js';
import { problemsByOp } from './cases/table.js';
import { problemChecks } from './checks.js';
import { gangPrograms } from './gang.js';
import type { Problem } from './problem.js';

const reason = 'left out by a test';

/** Executors by name, without `op`; null where the library is not there. */
const makers: Record<string, (op: OpName) => Executor> = {
  reference: (op) =>
    createReferenceExecutor({ kernels: { ...referenceKernels, [op]: unsupported(reason) } }),
  onednn: (op) => createOnednnExecutor({ lowerings: { ...lowerings, [op]: unsupported(reason) } }),
  onnx: (op) => createOnnxExecutor({ lowerings: { ...onnxLowerings, [op]: unsupported(reason) } }),
};

function open(name: string, op: OpName): Executor | string {
  try {
    return makers[name]!(op);
  } catch (error) {
    if (error instanceof ExecutorMissingError) return error.message;
    throw error;
  }
}

// a + b = a - (-b): exact for finite numbers. No executor that has sgd_update will ever lack add:
// it shows that a slot's next value and an op of two outputs survive.
const testRules: Decompositions = {
  add: (emitter, { inputs: [a, b] }) => {
    const [shapeA, shapeB] = [emitter.typeOf(a!).shape, emitter.typeOf(b!).shape];
    const shape = shapeA.map((size, axis) => Math.max(size, shapeB[axis]!));
    const whole = (value: ValueId): ValueId =>
      sameShape(emitter.typeOf(value).shape, shape)
        ? value
        : emitter.apply('broadcast_to', { shape }, [value]);
    const [wholeA, wholeB] = [whole(a!), whole(b!)];
    const params = { lrMult: 0, weightDecay: 0, momentum: -1 };
    return emitter.emit('sgd_update', params, [wholeA, wholeB, wholeB]).slice(0, 1);
  },
};

/** Decomposes by the tests' rules before the executor sees a program. */
function byTestRules(executor: Executor): Executor {
  return {
    ...executor,
    compile: (entries, options) => {
      const made = Object.entries(entries).map(
        ([name, program]) =>
          [name, decompose(program, new Set<OpName>(['add']), testRules)] as const,
      );
      return executor.compile(Object.fromEntries(made), options);
    },
  };
}

const isSmall = ({ given }: Problem): boolean =>
  Object.values(given).every(({ type }) => elementCount(type.shape) < 20_000);

describe.each(rowsOf(['reference', 'onednn'], ['onnx']))('%s', (name) => {
  const ruled = Object.keys(decompositions) as OpName[];
  test.for([...ruled, 'add' as const])('%s by its rule is the op itself', async (op, { skip }) => {
    const opened = open(name, op);
    if (typeof opened === 'string') return skip(opened);
    const executor = op === 'add' ? byTestRules(opened) : opened;
    // The op alone with its gradient, and whole networks with theirs.
    const networks = problemChecks.filter(
      ({ problem, arithmetic }) =>
        arithmetic === 'direct' && /^(net|chain)/.test(problem.line) && isSmall(problem),
    );
    const alone = problemChecks.filter(
      ({ problem, arithmetic }) =>
        arithmetic === 'direct' && isSmall(problem) && problemsByOp[op].includes(problem),
    );
    expect(alone.length).toBeGreaterThan(0);
    expect(networks.length).toBeGreaterThan(0);
    for (const { run } of [...alone, ...networks]) await run(executor);
  });

  test('an op without a rule is refused with executor, op, reason and advice', async ({ skip }) => {
    const options = { precision: 'fp32', exact: true } as const;
    const executor = open(name, 'max_pool_backward');
    if (typeof executor === 'string') return skip(executor);
    // The gang trains nothing below its pooling: it does not need what is lacking.
    (await executor.compile(gangPrograms(['a']), options)).dispose();
    const refused = (open(name, 'max_pool') as Executor).compile(gangPrograms(['a']), options);
    await expect(refused).rejects.toThrow(UnsupportedOpError);
    await expect(refused).rejects.toMatchObject({
      message: `${name}: cannot do max_pool: ${reason}`,
      hint: expect.stringContaining('selffer doctor') as string,
      data: { executor: name, op: 'max_pool', reason },
    });
  });
});
