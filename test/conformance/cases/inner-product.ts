// Inner products: forward, by data and by weights.
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor } from '../descriptor.js';
import {
  bf16Accumulator,
  bf16Result,
  feed,
  type Problem,
  slot,
  sumOfProducts,
} from '../problem.js';

const lines = [
  'ip mb3ic48ih3oc128n"glyph28:fc5"',
  'ip mb3ic128oc26n"glyph28:fc6"',
  'ip mb2ic64ih4oc256n"tiny32:fc6"',
  'ip mb8ic256oc256n"tiny32:fc7"',
  'ip mb3ic256oc20n"tiny32:fc8, 20 classes"',
  'ip mb1ic256oc31n"31 classes"',
  'ip mb2ic128ih3oc512n"alex64:fc6"',
  'ip mb2ic256ih6oc64n"caffenet:fc6/64"',
  'ip mb1ic4096oc100n"caffenet:fc7/41"',
  'ip mb2ic4096oc50n"caffenet:fc8/20"',
  'ip mb3ic20ih3oc17n"20 channels of 3x3"',
  'ip mb2ic31ih2iw5oc10n"31 channels of 2x5"',
  'ip mb5ic7oc1n"one output"',
  'ip mb3ic20ih3oc17nb1n"no bias"',
];

/** See the ops' docstrings; y, dx, dw and db in one program. */
export const innerProductProblems: readonly Problem[] = lines.map((line) =>
  innerProductProblem(parseDescriptor(line)),
);

function innerProductProblem(descriptor: Descriptor): Problem {
  const oc = descriptor.get('oc');
  const hasBias = descriptor.get('nb', 0) === 0;
  const xShape = inputShape(descriptor);
  const [mb, ...rest] = xShape as [number, ...number[]];
  const wShape = [oc, rest.reduce((product, size) => product * size, 1)];
  return {
    line: descriptor.line,
    fills: ['integers', 'reals'],
    given: {
      x: feed(xShape),
      w: slot(wShape),
      ...(hasBias && { b: slot([oc]) }),
      dy: feed([mb, oc]),
    },
    build: (builder, { x, w, b, dy }) => {
      const params = { wShape, ...(hasBias ? {} : ({ hasBias } as const)) };
      const [dw, db] = builder.emit('inner_product_backward_weights', params, [x!, dy!]);
      return {
        outputs: {
          y: builder.apply('inner_product', {}, [x!, w!, ...(hasBias ? [b!] : [])]),
          dx: builder.apply('inner_product_backward_data', { xShape }, [dy!, w!]),
          dw: dw!,
          ...(hasBias && { db: db! }),
        },
      };
    },
    // y leaves the program here, so it is not rounded.
    wanted: {
      y: { ...sumOfProducts, bf16: bf16Accumulator },
      dx: { ...sumOfProducts, bf16: bf16Result },
      dw: { ...sumOfProducts, bf16: bf16Accumulator },
      ...(hasBias && { db: { ...sumOfProducts, bf16: bf16Accumulator } }),
    },
  };
}
