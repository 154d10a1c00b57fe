// Runs one problem on an executor and on the reference and compares every output.
import { AssertionError } from 'node:assert';
import { ProgramBuilder } from '../../src/program/builder.js';
import type { Program, ValueId } from '../../src/program/types.js';
import type { HostTensor } from '../../src/tensor/tensor.js';
import type { Executable, Executor } from '../../src/executors/executor.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { compareOutput } from './compare.js';
import { absolute, type Fill, filled } from './fill.js';
import type { Limit, Problem, Wanted } from './problem.js';

type Tensors = Readonly<Record<string, HostTensor>>;

const reference = createReferenceExecutor({ state: 'f64' });

/** How the executor may compute: direct algorithms in fp32, also Winograd, or direct ones in
 *  bf16. */
export type Arithmetic = 'direct' | 'any' | 'bf16';

/** What the reference makes of a problem. */
interface Solution {
  readonly problem: Problem;
  readonly fill: Fill;
  readonly program: Program;
  readonly given: Tensors;
  readonly expected: Tensors;
  /** S of the limits; empty where no limit needs it. */
  readonly sums: Tensors;
}

/** Throws an AssertionError that names every wrong output unless `executor` agrees with the
 *  reference, twice with the same bits. */
export async function checkProblem(
  problem: Problem,
  fill: Fill,
  arithmetic: Arithmetic,
  executor: Executor,
): Promise<void> {
  const { program, given, expected, sums } = await solve(problem, fill);
  const options = {
    precision: arithmetic === 'bf16' ? 'bf16' : 'fp32',
    exact: arithmetic !== 'any',
  } as const;
  const found = await runTwice(await executor.compile({ main: program }, options), problem, given);
  const failures = Object.entries(problem.wanted).flatMap(([name, wanted]) => {
    const limit = limitOf(wanted, fill, arithmetic);
    const maxZeros = wanted.maxZeros ?? 0.75;
    const wrong = compareOutput(
      found[name],
      expected[name] as HostTensor,
      limit,
      sums[name],
      maxZeros,
    );
    return wrong === null ? [] : [`${name} ${wrong}`];
  });
  if (failures.length > 0) fail(failures.join('\n'));
}

function limitOf(
  { limit, winogradLimit, bf16 }: Wanted,
  fill: Fill,
  arithmetic: Arithmetic,
): Limit {
  if (arithmetic === 'bf16') return bf16?.[fill] ?? fail('no limit for bf16');
  if (fill === 'integers') return { type: 'exact' };
  return arithmetic === 'any' ? (winogradLimit ?? limit) : limit;
}

// The checks of one fill follow each other and have the same solution, which takes most of the
// time.
let last: Solution | undefined;

async function solve(problem: Problem, fill: Fill): Promise<Solution> {
  if (last?.problem === problem && last.fill === fill) return last;
  const program = programOf(problem);
  const given = Object.fromEntries(
    Object.entries(problem.given).map(([name, { type, content }]) => [
      name,
      filled(`${problem.line} ${name}`, type, content ?? {}, fill),
    ]),
  );
  const needsSums = fill === 'reals' && Object.values(problem.wanted).some(usesSums);
  last = {
    problem,
    fill,
    program,
    given,
    expected: await runOnReference(program, problem, given),
    sums: needsSums ? await runOnReference(program, problem, mapTensors(given, absolute)) : {},
  };
  return last;
}

function usesSums({ limit }: Wanted): boolean {
  return limit.type === 'sum' || limit.type === 'maxSum';
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

async function runOnReference(
  program: Program,
  problem: Problem,
  given: Tensors,
): Promise<Tensors> {
  return runOnce(
    await reference.compile({ main: program }, { precision: 'fp32', exact: true }),
    problem,
    given,
  );
}

async function runTwice(
  executable: Executable,
  problem: Problem,
  given: Tensors,
): Promise<Tensors> {
  try {
    const first = await runOnce(executable, problem, given);
    const second = await runOnce(executable, problem, given);
    for (const [name, { data }] of Object.entries(first)) {
      const again = second[name]?.data ?? [];
      let at = data.length - 1;
      while (at >= 0 && Object.is(data[at], again[at])) at--;
      if (at >= 0) fail(`${name} differs from run to run: ${data[at]}, then ${again[at]} at ${at}`);
    }
    return first;
  } finally {
    executable.dispose();
  }
}

async function runOnce(executable: Executable, problem: Problem, given: Tensors): Promise<Tensors> {
  const feeds: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(given)) {
    if (problem.given[name]?.home === 'slot') await executable.write(name, tensor);
    else feeds[name] = tensor;
  }
  const outputs = await executable.run(
    'main',
    feeds,
    problem.scalars ?? { learningRate: 0, iteration: 0 },
  );
  const updated = Object.keys(problem.wanted).filter(
    (name) => problem.given[name]?.home === 'slot',
  );
  const slots: Record<string, HostTensor> = {};
  for (const name of updated) slots[name] = await executable.read(name);
  return { ...outputs, ...slots };
}

function mapTensors(tensors: Tensors, map: (tensor: HostTensor) => HostTensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}

/** @throws AssertionError */
export function fail(message: string): never {
  throw new AssertionError({ message });
}
