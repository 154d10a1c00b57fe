// Problem descriptors in the spelling of oneDNN's benchdnn: `conv
// g2mb1ic96ih27oc256kh5ph2n"caffenet:conv2"`. Keys: mb minibatch, ic/oc channels, ih/iw image,
// kh/kw kernel, sh/sw stride, ph/pw padding (pb, pr below and to the right where they differ),
// dh/dw dilation as PyTorch and ONNX count it (1: none), g groups, nb 1 for no bias;
// other keys are an op's own.
import { DataError } from '../../src/base/errors.js';
import type { Window } from '../../src/tensor/window.js';

/** A parsed descriptor. `line` is its text, the line to repeat on a failure. */
export interface Descriptor {
  readonly line: string;
  readonly kind: string;
  /** The number after `key`, or `fallback`.
   *  @throws DataError if it is missing and there is no fallback */
  readonly get: (key: string, fallback?: number) => number;
}

/** Parses `kind key1key2...n"name"`. @throws DataError for anything that is not one */
export function parseDescriptor(line: string): Descriptor {
  const match = /^([a-z_0-9]+)(?: (\S*?)(?:n"[^"]*")?)?$/.exec(line);
  if (!match) throw new DataError(`not a problem descriptor: ${line}`);
  const values = new Map<string, number>();
  const rest = (match[2] ?? '').replace(
    /([a-z]+)(\d*\.?\d+(?:e-?\d+)?)/g,
    (_, key: string, value: string) => {
      values.set(key, Number(value));
      return '';
    },
  );
  if (rest !== '') throw new DataError(`problem descriptor ${line}: cannot read ${rest}`);
  return {
    line,
    kind: match[1] as string,
    get: (key, fallback) => {
      const value = values.get(key) ?? fallback;
      if (value === undefined) throw new DataError(`problem descriptor ${line}: no ${key}`);
      return value;
    },
  };
}

/** [mb, ic, ih, iw], or [mb, ic] where there is no ih. */
export function inputShape({ get }: Descriptor): readonly number[] {
  const ih = get('ih', 0);
  return ih === 0 ? [get('mb'), get('ic')] : [get('mb'), get('ic'), ih, get('iw', ih)];
}

/** Kernel and movement of a descriptor's window; what is not said of the width is as of the
 *  height. */
export function windowOf({ get }: Descriptor, rounding: Window['rounding']): Window {
  const [kh, sh, ph, dh] = [get('kh'), get('sh', 1), get('ph', 0), get('dh', 1)];
  const pw = get('pw', ph);
  return {
    kernel: [kh, get('kw', kh)],
    stride: [sh, get('sw', sh)],
    pads: [ph, pw, get('pb', ph), get('pr', pw)],
    dilation: [dh, get('dw', dh)],
    rounding,
  };
}
