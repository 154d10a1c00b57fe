// Central differences in float64 on the reference executor, along a random unit direction over
// everything differentiable.
import { fillGaussian, streamKey } from '../../src/base/random-stream.js';
import type { Executable } from '../../src/executors/executor.js';
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { differentiate } from '../../src/program/differentiate.js';
import type { ValueId } from '../../src/program/types.js';
import { elementCount, type HostTensor, type TensorType } from '../../src/tensor/tensor.js';

/** Step of the central difference. */
export const step = 1e-6;

/** A scalar function to differentiate: `inputs` are perturbed, `constants` are not. */
export interface Subject {
  readonly name: string;
  readonly inputs: Readonly<Record<string, HostTensor>>;
  readonly constants: Readonly<Record<string, HostTensor>>;
  /** Returns the loss (output 0 of a softmax_cross_entropy). */
  readonly build: (builder: ProgramBuilder, given: Readonly<Record<string, ValueId>>) => ValueId;
}

/** Outcome along one direction. */
export interface Outcome {
  readonly analytic: number;
  readonly numeric: number;
  /** A ReLU's sign or a pooling winner differs between the two sides: the difference quotient means
   *  nothing. */
  readonly hasKink: boolean;
}

/** A displacement of every input. */
export type Direction = Readonly<Record<string, Float64Array>>;

/** Random unit direction number `trial` over all inputs together. */
export function randomDirection({ name, inputs }: Subject, trial: number): Direction {
  const drawn = Object.entries(inputs).map(([input, { shape }]) => {
    const values = new Float32Array(elementCount(shape));
    fillGaussian(values, streamKey(['direction', name, input, trial]), 1);
    return [input, new Float64Array(values)] as const;
  });
  let squares = 0;
  for (const [, values] of drawn) for (const value of values) squares += value * value;
  const norm = Math.sqrt(squares);
  return Object.fromEntries(drawn.map(([input, values]) => [input, values.map((v) => v / norm)]));
}

/** The unit directions along each single element of each input. */
export function axes({ inputs }: Subject): readonly Direction[] {
  const zeros = (): Record<string, Float64Array> =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }]) => [
        name,
        new Float64Array(elementCount(shape)),
      ]),
    );
  return Object.entries(inputs).flatMap(([name, { shape }]) =>
    Array.from({ length: elementCount(shape) }, (_, at) => {
      const direction = zeros();
      direction[name]![at] = 1;
      return direction;
    }),
  );
}

/** The subject compiled: kinks (ReLU outputs, winners), loss and gradients are its outputs. */
export class GradientCheck {
  readonly #subject: Subject;
  readonly #executable: Executable;
  readonly #kinks: readonly string[];

  private constructor(subject: Subject, executable: Executable, kinks: readonly string[]) {
    this.#subject = subject;
    this.#executable = executable;
    this.#kinks = kinks;
  }

  /** Compiles the subject. */
  static async of(subject: Subject): Promise<GradientCheck> {
    const builder = new ProgramBuilder();
    const network = builder.network('net');
    const given: Record<string, ValueId> = {};
    const all = { ...subject.inputs, ...subject.constants };
    for (const [name, type] of Object.entries(all))
      given[name] = builder.feed(name, type as TensorType);
    const loss = subject.build(builder, given);
    const kinks = builder.nodes.flatMap(({ op, outputs }) =>
      op === 'relu' ? [outputs[0]!] : op === 'max_pool' ? [outputs[1]!] : [],
    );
    kinks.forEach((value, index) => builder.output(`kink ${index}`, value, network));
    const names = Object.keys(subject.inputs);
    differentiate(
      builder,
      loss,
      names.map((name) => given[name]!),
    ).forEach((gradient, index) => {
      if (gradient !== null) builder.output(`d ${names[index]}`, gradient, network);
    });
    builder.output('loss', loss, network);
    const executor = createReferenceExecutor({ state: 'f64' });
    const options = { precision: 'fp32', exact: true } as const;
    const executable = await executor.compile({ main: builder.finish() }, options);
    const outputs = kinks.map((_, index) => `kink ${index}`);
    return new GradientCheck(subject, executable, outputs);
  }

  /** The gradient along a direction, and the central difference. */
  async along(direction: Direction): Promise<Outcome> {
    const centre = await this.#run(direction, 0);
    const [after, before] = [await this.#run(direction, step), await this.#run(direction, -step)];
    let analytic = 0;
    for (const [name, along] of Object.entries(direction)) {
      const gradient = centre[`d ${name}`]?.data;
      gradient?.forEach((value, at) => (analytic += value * (along[at] as number)));
    }
    const numeric =
      ((after['loss']?.data[0] as number) - (before['loss']?.data[0] as number)) / (2 * step);
    return {
      analytic,
      numeric,
      hasKink: this.#kinks.some((kink) => !sameSide(after[kink]!, before[kink]!)),
    };
  }

  #run(direction: Direction, distance: number): Promise<Record<string, HostTensor>> {
    const { inputs, constants } = this.#subject;
    const moved = Object.entries(inputs).map(([name, { shape, data }]) => {
      const along = direction[name] as Float64Array;
      const values = new Float64Array(data).map(
        (value, at) => value + distance * (along[at] as number),
      );
      return [name, { dtype: 'f32', shape, data: values } as const];
    });
    const feeds = { ...Object.fromEntries(moved), ...constants };
    return this.#executable.run('main', feeds, { learningRate: 0, iteration: 0 });
  }
}

// Winners must be equal; ReLU outputs zero or positive at the same places.
function sameSide(a: HostTensor, b: HostTensor): boolean {
  const side = (value: number): number => (a.dtype === 'i32' ? value : Math.sign(value));
  for (let at = 0; at < a.data.length; at++) {
    if (side(a.data[at] as number) !== side(b.data[at] as number)) return false;
  }
  return true;
}
