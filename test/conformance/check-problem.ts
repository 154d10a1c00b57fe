// Runs one problem on an executor and on the reference and compares every output.
import { AssertionError } from 'node:assert';
import { ProgramBuilder } from '../../src/program/builder.js';
import type { Program, ValueId } from '../../src/program/types.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import type { Executable, Executor } from '../../src/executors/executor.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { compareOutput } from './compare.js';
import { absolute, type Fill, filled } from './fill.js';
import type { Limit, Problem } from './problem.js';

type Tensors = Readonly<Record<string, HostTensor>>;

const reference = createReferenceExecutor({ state: 'f64' });

/** Whether the executor may use Winograd. */
export type Algorithms = 'direct' | 'any';

/** Throws an AssertionError that names every wrong output unless `executor` agrees with the reference, twice with the same bits. */
export function checkProblem(
  problem: Problem,
  fill: Fill,
  algorithms: Algorithms,
  executor: Executor,
): void {
  const program = programOf(problem);
  const given = Object.fromEntries(
    Object.entries(problem.given).map(([name, { type, content }]) => [
      name,
      filled(`${problem.line} ${name}`, type, content ?? {}, fill),
    ]),
  );
  const exact = algorithms === 'direct';
  const found = runTwice(
    executor.compile({ main: program }, { precision: 'fp32', exact }),
    problem,
    given,
  );
  const expected = runOnReference(program, problem, given);
  const limits = limitsOf(problem, fill, algorithms);
  const needsSums = [...limits.values()].some(({ type }) => type === 'sum' || type === 'maxSum');
  const sums = needsSums ? runOnReference(program, problem, mapTensors(given, absolute)) : {};
  const failures = [...limits].flatMap(([name, limit]) => {
    const maxZeros = problem.wanted[name]?.maxZeros ?? 0.75;
    const failure = compareOutput(
      found[name],
      expected[name] as HostTensor,
      limit,
      sums[name],
      maxZeros,
    );
    return failure === null ? [] : [`${name} ${failure}`];
  });
  if (failures.length > 0) fail(failures.join('\n'));
}

function programOf({ given, build }: Problem): Program {
  const builder = new ProgramBuilder();
  const network = builder.network('net');
  const values: Record<string, ValueId> = {};
  for (const [name, { home, type }] of Object.entries(given))
    values[name] = builder[home](name, type);
  const { outputs, next } = build(builder, values);
  for (const [name, value] of Object.entries(outputs)) builder.output(name, value, network);
  for (const [name, value] of Object.entries(next ?? {})) builder.setNext(name, value, network);
  return builder.finish();
}

function limitsOf(problem: Problem, fill: Fill, algorithms: Algorithms): Map<string, Limit> {
  const exact: Limit = { type: 'exact' };
  return new Map(
    Object.entries(problem.wanted).map(([name, { limit, winogradLimit }]) => {
      if (fill === 'integers') return [name, exact];
      return [name, algorithms === 'any' ? (winogradLimit ?? limit) : limit];
    }),
  );
}

function runOnReference(program: Program, problem: Problem, given: Tensors): Tensors {
  return runOnce(
    reference.compile({ main: program }, { precision: 'fp32', exact: true }),
    problem,
    given,
  );
}

function runTwice(executable: Executable, problem: Problem, given: Tensors): Tensors {
  try {
    const first = runOnce(executable, problem, given);
    const second = runOnce(executable, problem, given);
    for (const [name, { data }] of Object.entries(first)) {
      const again = second[name]?.data;
      const at = data.findIndex((value, index) => !Object.is(value, again?.[index]));
      if (at >= 0)
        fail(`${name} differs from run to run: ${data[at]}, then ${again?.[at]} at ${at}`);
    }
    return first;
  } finally {
    executable.dispose();
  }
}

function runOnce(executable: Executable, problem: Problem, given: Tensors): Tensors {
  const feeds: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(given)) {
    if (problem.given[name]?.home === 'slot') executable.write(name, tensor);
    else feeds[name] = tensor;
  }
  const outputs = executable.run(
    'main',
    feeds,
    problem.scalars ?? { learningRate: 0, iteration: 0 },
  );
  const updated = Object.keys(problem.wanted).filter(
    (name) => problem.given[name]?.home === 'slot',
  );
  return {
    ...outputs,
    ...Object.fromEntries(updated.map((name) => [name, executable.read(name)])),
  };
}

function mapTensors(tensors: Tensors, map: (tensor: HostTensor) => HostTensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}

/** @throws AssertionError */
export function fail(message: string): never {
  throw new AssertionError({ message });
}
