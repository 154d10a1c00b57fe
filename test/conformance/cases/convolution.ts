// Convolutions: forward, by data and by weights.
import type { Descriptor } from '../descriptor.js';
import { inputShape, parseDescriptor, windowOf } from '../descriptor.js';
import {
  bf16Accumulator,
  bf16Result,
  feed,
  type Problem,
  slot,
  sumOfProducts,
} from '../problem.js';
import { positionsOf } from '../../../src/tensor/window.js';

// caffenet's and alex64's layers with fewer channels, so that the reference takes milliseconds;
// groups, strides and images are theirs.
const lines = [
  'conv mb3ic1ih28oc16kh5ph2n"glyph28:conv1"',
  'conv mb2ic16ih14oc32kh5ph2n"glyph28:conv2"',
  'conv mb2ic32ih7oc48kh3ph1n"glyph28:conv3"',
  'conv mb3ic48ih7oc48kh3ph1n"glyph28:conv4"',
  'conv mb2ic3ih32oc32kh5ph2n"tiny32:conv1"',
  'conv mb1ic32ih16oc64kh5ph2n"tiny32:conv2"',
  'conv mb2ic64ih8oc96kh3ph1n"tiny32:conv3"',
  'conv mb1ic96ih8oc48kh3ph1n"tiny32:conv4/2"',
  'conv mb2ic96ih8oc64kh3ph1n"tiny32:conv5"',
  'conv mb1ic3ih56oc32kh7sh2ph3n"alex64:conv1/2"',
  'conv mb1ic64ih14oc32kh5ph2n"alex64:conv2/4"',
  'conv mb1ic128ih7oc96kh3ph1n"alex64:conv3/2"',
  'conv mb1ic192ih7oc32kh3ph1n"alex64:conv5/4"',
  'conv mb1ic3ih227oc16kh11sh4n"caffenet:conv1/6"',
  'conv g2mb1ic24ih27oc32kh5ph2n"caffenet:conv2/4,8"',
  'conv mb1ic64ih13oc48kh3ph1n"caffenet:conv3/4,8"',
  'conv g2mb2ic96ih13oc48kh3ph1n"caffenet:conv4/4,8"',
  'conv g2mb1ic64ih13oc64kh3ph1n"caffenet:conv5/6,4"',
  'conv mb2ic3ih15oc20kh3ph1n"20 outputs"',
  'conv mb2ic20ih9oc31kh3ph1n"20 to 31"',
  'conv mb1ic31ih9oc26kh5ph2n"31 to 26"',
  'conv g2mb1ic20ih9oc26kh3ph1n"groups of 10 to 13"',
  'conv g3mb2ic9ih11oc12kh3n"three groups"',
  'conv g8mb1ic8ih7oc8kh3ph1n"depthwise"',
  'conv mb2ic16ih8oc32kh1n"1x1"',
  'conv mb2ic3ih9iw14oc7kh3sh2ph1n"not square, last column unread"',
  'conv mb1ic4ih10oc8kh3sh3n"stride 3, last row unread"',
  'conv mb1ic5ih9iw12oc6kh3kw5ph1n"3x5 kernel"',
  'conv mb1ic16ih5oc16kh5n"one output cell"',
  'conv mb2ic16ih9oc16kh3ph2dh2n"dilated"',
  'conv mb1ic3ih12iw10oc8kh3kw2sh2sw1ph1pw0dh1dw3n"every axis of its own"',
  'conv mb2ic8ih8oc16kh3sh2ph0pb1pw0pr1n"padded below and to the right only"',
  'conv g2mb1ic12ih7iw11oc8kh1kw7ph0pw3n"1x7 in groups"',
  'conv mb2ic16ih9oc20kh3ph1nb1n"no bias"',
  'conv g8mb2ic16ih7oc16kh3sh2ph1nb1n"no bias in groups"',
  'conv mb2ic1ih12oc16kh5ph2nb1n"no bias, grey"',
  ...[3, 5, 7].flatMap((k) =>
    [1, 2].map(
      (s) =>
        `conv g24mb2ic24ih${k + 6}oc24kh${k}sh${s}ph${(k - 1) / 2}nb1n"depthwise ${k}x${k}/${s}"`,
    ),
  ),
  'conv g16mb2ic16ih8oc16kh3sh2ph0pb1pw0pr1n"depthwise, padded below and to the right"',
  'conv g24mb2ic24ih8oc24kh5sh2ph1pb2pw1pr2nb1n"depthwise 5x5, one more below and to the right"',
  'conv g12mb2ic12ih9iw8oc12kh3sh2sw1ph1n"depthwise, stride 2x1"',
  'conv g8mb2ic8ih9oc16kh3ph1n"two outputs a channel"',
  'conv g8mb2ic32ih7oc32kh3ph1nb1n"groups of 4"',
  'conv mb2ic16ih9oc12kh1kw7ph0pw3nb1n"1x7"',
  'conv mb4ic16ih8oc32kh3ph1n"two images fill 16 columns"',
  'conv mb8ic16ih4oc16kh3ph1n"four images fill 16 columns"',
  'conv mb1ic16ih4iw32oc16kh3ph1nb1n"32 columns"',
  'conv mb2ic16ih5iw24oc16kh5ph2n"24 columns"',
  'conv mb4ic16ih6oc24kh3ph1n"6 columns, 24 outputs"',
  'conv mb4ic20ih8oc16kh3ph2dh2nb1n"dilated, 8 columns"',
  'conv g2mb1ic64ih6oc64kh1kw2ph0n"groups of 32"',
  'conv mb2ic16ih9oc12kh7kw1ph3pw0sh2sw1nb1n"7x1, stride 2x1"',
];

/** See the ops' docstrings; y, dx, dw and db in one program. */
export const convolutionProblems: readonly Problem[] = lines.map((line) =>
  convolutionProblem(parseDescriptor(line)),
);

function convolutionProblem(descriptor: Descriptor): Problem {
  const { line, get } = descriptor;
  const [mb, ic, ih, iw] = inputShape(descriptor) as [number, number, number, number];
  const { kernel, stride, pads, dilation, rounding } = windowOf(descriptor, 'floor');
  const [kh, kw] = kernel;
  const [oc, groups] = [get('oc'), get('g', 1)];
  const hasBias = get('nb', 0) === 0;
  const xShape = [mb, ic, ih, iw];
  const wShape = [oc, ic / groups, kh, kw];
  const yShape = [mb, oc, ...positionsOf({ kernel, stride, pads, dilation, rounding }, [ih, iw])];
  const params = { stride, pads, dilation, groups };
  // F(4x4, 3x3) in float32 was seen to err by 15 to 22 u of the largest S (8 to 384 channels,
  // uniform reals): its tiles mix 36 sums.
  const winogradLimit = kh === 3 && kw === 3 ? ({ type: 'maxSum', factor: 64 } as const) : null;
  const wanted = { ...sumOfProducts, ...(winogradLimit && { winogradLimit }) };
  return {
    line,
    fills: ['integers', 'reals'],
    given: {
      x: feed(xShape),
      w: slot(wShape),
      ...(hasBias && { b: slot([oc]) }),
      dy: feed(yShape),
    },
    build: (builder, { x, w, b, dy }) => {
      const gradients = { ...params, wShape, ...(hasBias ? {} : ({ hasBias } as const)) };
      const [dw, db] = builder.emit('convolution_backward_weights', gradients, [x!, dy!]);
      return {
        outputs: {
          y: builder.apply('convolution', params, [x!, w!, ...(hasBias ? [b!] : [])]),
          dx: builder.apply('convolution_backward_data', { ...params, xShape }, [dy!, w!]),
          dw: dw!,
          ...(hasBias && { db: db! }),
        },
      };
    },
    // Cells that no window reads have no gradient.
    wanted: {
      y: { ...wanted, bf16: bf16Result },
      dx: { ...wanted, bf16: bf16Result },
      dw: { ...wanted, bf16: bf16Accumulator },
      ...(hasBias && { db: { ...sumOfProducts, bf16: bf16Accumulator } }),
    },
  };
}
