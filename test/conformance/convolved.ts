// Tensors that come out of a 1x1 convolution from 3 channels: in blocks of channels, where oneDNN
// likes them, with padding, where the channels do not fill the last block.
import type { ProgramBuilder } from '../../src/program/builder.js';
import type { ValueId } from '../../src/program/types.js';
import { squareSliding } from '../../src/tensor/window.js';
import { feed, type Given, slot } from './problem.js';

/** What is given to a problem over such a tensor of `shape` [N,C,H,W]; `suffix` tells several
 *  apart. */
export function convolved(shape: readonly number[], suffix = ''): Readonly<Record<string, Given>> {
  return {
    [`x${suffix}`]: feed(shape.with(1, 3)),
    [`w${suffix}`]: slot([shape[1] as number, 3, 1, 1]),
    [`b${suffix}`]: slot([shape[1] as number]),
  };
}

/** The tensor. */
export function emitConvolved(
  builder: ProgramBuilder,
  given: Readonly<Record<string, ValueId>>,
  suffix = '',
): ValueId {
  const inputs = ['x', 'w', 'b'].map((name) => given[`${name}${suffix}`]!);
  return builder.apply('convolution', { ...squareSliding({}), groups: 1 }, inputs);
}
