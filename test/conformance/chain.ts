// Chains of layers in descriptor spelling: `chain mb2ic3ih16 | conv oc16kh5ph2 | relu | pool kh3sh2
// | lrn | ip oc10 | drop r0.5`.
import { streamKey } from '../../src/base/random-stream.js';
import type { ProgramBuilder } from '../../src/program/builder.js';
import type { Application, OpRule } from '../../src/program/ops/rule.js';
import type { OpName, OpParams } from '../../src/program/ops/params.js';
import { opRules } from '../../src/program/ops/table.js';
import type { ValueId } from '../../src/program/types.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { squareSliding, squareWindow } from '../../src/tensor/window.js';
import { DataError } from '../../src/base/errors.js';
import { type Descriptor, inputShape, parseDescriptor } from './descriptor.js';
import { type Given, slot } from './problem.js';

/** A chain before it is in a program. */
export interface Chain {
  readonly line: string;
  readonly inputShape: readonly number[];
  readonly layers: readonly Descriptor[];
}

/** One op of a chain in a program. */
export interface Step {
  readonly op: OpName;
  readonly params: OpParams<OpName>;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

/** Parses `kind shape | layer | layer ...`. */
export function parseChain(line: string): Chain {
  const [head, ...layers] = line.split(' | ').map(parseDescriptor) as [Descriptor, ...Descriptor[]];
  return { line, inputShape: inputShape(head), layers };
}

/** Emits the chain on `x`. Parameters are asked from `parameter` by name ("1.w" for layer 1) and
 *  shape. */
export function emitChain(
  builder: ProgramBuilder,
  chain: Chain,
  x: ValueId,
  parameter: (name: string, shape: readonly number[]) => ValueId,
): readonly Step[] {
  const steps: Step[] = [];
  let value = x;
  const step = <K extends OpName>(op: K, params: OpParams<K>, inputs: readonly ValueId[]): void => {
    const outputs = builder.emit(op, params, inputs);
    steps.push({ op, params, inputs, outputs });
    value = outputs[0] as ValueId;
  };
  chain.layers.forEach((layer, index) => {
    const { get } = layer;
    const shape = builder.typeOf(value).shape;
    const fanIn = elementCount(shape.slice(1));
    const withWeights = (wShape: readonly number[]): readonly ValueId[] => [
      value,
      parameter(`${index + 1}.w`, wShape),
      ...(get('nb', 0) === 0 ? [parameter(`${index + 1}.b`, [wShape[0] as number])] : []),
    ];
    switch (layer.kind) {
      case 'conv': {
        const groups = get('g', 1);
        const w = [get('oc'), (shape[1] as number) / groups, get('kh'), get('kh')];
        const params = { ...squareSliding({ stride: get('sh', 1), pad: get('ph', 0) }), groups };
        return step('convolution', params, withWeights(w));
      }
      case 'ip':
        return step('inner_product', {}, withWeights([get('oc'), fanIn]));
      case 'relu':
        return step('relu', {}, [value]);
      case 'pool':
        return step(
          'max_pool',
          squareWindow(get('kh'), 'ceil', { stride: get('sh'), pad: get('ph', 0) }),
          [value],
        );
      case 'avg':
        return step(
          'average_pool',
          {
            ...squareWindow(get('kh'), 'ceil', { stride: get('sh'), pad: get('ph', 0) }),
            includePad: get('ip', 0) === 1,
          },
          [value],
        );
      case 'gap':
        return step('mean', { axes: [2, 3], keepDims: get('kd', 0) === 1 }, [value]);
      case 'lrn':
        return step(
          'lrn',
          { size: get('ls', 5), alpha: get('a', 1e-4), beta: get('b', 0.75), k: get('k', 1) },
          [value],
        );
      case 'bn': {
        const params = { epsilon: get('eps', 1e-5), hasScale: true, hasShift: true };
        return step('batch_norm', params, withWeights([shape[1] as number]));
      }
      case 'drop': {
        const key = streamKey(['drop', chain.line, index]);
        const mask = builder.apply('dropout_mask', { shape, ratio: get('r'), key }, []);
        return step('multiply', {}, [value, mask]);
      }
      default:
        throw new DataError(`chain ${chain.line}: no layer ${layer.kind}`);
    }
  });
  return steps;
}

/** The last step's first output. */
export function resultOf(steps: readonly Step[]): ValueId {
  return steps.at(-1)?.outputs[0] as ValueId;
}

/** Gradients by x and the parameters, from the gradient `dy` of the result: each op's own rule,
 *  last to first. */
export function emitChainBackward(
  builder: ProgramBuilder,
  steps: readonly Step[],
  dy: ValueId,
): ReadonlyMap<ValueId, ValueId> {
  const gradients = new Map<ValueId, ValueId>([[resultOf(steps), dy]]);
  for (const { op, params, inputs, outputs } of steps.toReversed()) {
    const rule = opRules[op] as OpRule<OpName>;
    const application: Application<OpName> = {
      params,
      inputs,
      outputs,
      outputGradients: outputs.map((value) => gradients.get(value) ?? null),
      wanted: inputs.map(() => true),
    };
    rule.gradient?.(builder, application).forEach((gradient, index) => {
      if (gradient !== null) gradients.set(inputs[index] as ValueId, gradient);
    });
  }
  return gradients;
}

/** Names and shapes of a chain's parameters, as slots: weights uniform with He's variance, integers
 *  in [-2, 2]. */
export function parametersOf(chain: Chain, dry: ProgramBuilder): Readonly<Record<string, Given>> {
  const found: Record<string, Given> = {};
  const x = dry.feed('x', { dtype: 'f32', shape: chain.inputShape });
  emitChain(dry, chain, x, (name, shape) => {
    const fanIn = elementCount(shape.slice(1));
    const amplitude = shape.length === 1 ? 0.5 : Math.sqrt(6 / fanIn);
    found[name] = slot(shape, { span: 2, amplitude });
    return dry.slot(name, { dtype: 'f32', shape });
  });
  return found;
}
