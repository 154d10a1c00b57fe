// Which code oneDNN has for depthwise and grouped convolutions: never its reference code, which it
// chooses without a word where a layout is forced on it.
import { describe, expect, test } from 'vitest';
import { UnsupportedOpError } from '../../../base/errors.js';
import { ProgramBuilder } from '../../../program/builder.js';
import type { Program } from '../../../program/types.js';
import { positionsOf } from '../../../tensor/window.js';
import type { OneDnnEngine } from '../engine.js';
import { openOrSkip } from '../open-or-skip.cases.js';
import { lowerProgram } from './lower-program.js';
import { chooseSlotLayouts } from './slot-layouts.js';
import { refuseSlowCode } from './slow-code.js';
import { lowerings } from './table.js';

const found = openOrSkip();
const options = { algorithm: 'direct', activations: 'f32' } as const;

interface Geometry {
  readonly kernel: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly channels?: number;
  readonly groups?: number;
}

/** y, dx and dw of a convolution of 8 images of 28x28. */
function programOf({
  kernel,
  stride = [1, 1],
  pads,
  channels = 72,
  groups = 72,
}: Geometry): Program {
  const [kh, kw] = kernel;
  const sides = [(kh - 1) / 2, (kw - 1) / 2] as const;
  const params = {
    stride,
    pads: pads ?? ([...sides, ...sides] as const),
    dilation: [1, 1],
    groups,
  } as const;
  const xShape = [8, channels, 28, 28];
  const wShape = [channels, channels / groups, kh, kw];
  const [oh, ow] = positionsOf({ ...params, kernel, rounding: 'floor' }, [28, 28]);
  const builder = new ProgramBuilder();
  const network = builder.network('net');
  const f32 = (shape: readonly number[]) => ({ dtype: 'f32', shape }) as const;
  const [x, w] = [builder.feed('x', f32(xShape)), builder.slot('w', f32(wShape))];
  const dy = builder.feed('dy', f32([8, channels, oh, ow]));
  const gradient = { ...params, wShape, hasBias: false } as const;
  builder.output('y', builder.apply('convolution', params, [x, w]), network);
  const dx = builder.apply('convolution_backward_data', { ...params, xShape }, [dy, w]);
  builder.output('dx', dx, network);
  builder.output('dw', builder.apply('convolution_backward_weights', gradient, [x, dy]), network);
  return builder.finish();
}

/** Implementations of forward, by data and by weights. */
function implementations(engine: OneDnnEngine, geometry: Geometry): readonly string[] {
  const program = programOf(geometry);
  const scope = engine.scope();
  const layouts = chooseSlotLayouts(scope, [program], options);
  const { primitives, steps } = lowerProgram(scope, program, layouts, options, lowerings);
  expect(steps.filter(({ kind }) => kind.startsWith('convolution'))).toHaveLength(3);
  const names = primitives.map(({ implementation }) => implementation);
  primitives.forEach((primitive) => primitive.release());
  scope.release();
  return names;
}

const square = (k: number, s: number): Geometry => ({ kernel: [k, k], stride: [s, s] });

/** What 45 architectures of torchvision and timm have. */
const met: readonly (readonly [string, Geometry])[] = [
  ...[3, 5, 7, 9].flatMap((k) =>
    [1, 2].map((s) => [`depthwise ${k}x${k} stride ${s}`, square(k, s)] as const),
  ),
  ['depthwise 3x3 stride 2x1', { kernel: [3, 3], stride: [2, 1] }],
  ['depthwise 3x3 stride 2, pads 0,0,1,1', { ...square(3, 2), pads: [0, 0, 1, 1] }],
  ['depthwise 5x5 stride 2, pads 1,1,2,2', { ...square(5, 2), pads: [1, 1, 2, 2] }],
  ['groups of 8', { ...square(3, 2), channels: 64, groups: 8 }],
  ['groups of 4', { ...square(3, 1), channels: 128, groups: 32 }],
  ['1x7', { kernel: [1, 7], channels: 64, groups: 1 }],
  ['7x1', { kernel: [7, 1], channels: 64, groups: 1 }],
];

describe.skipIf(!found.engine)(`depthwise convolutions ${found.reason}`, () => {
  test.each(met)(
    '%s runs no reference code, and its gradients no matrix products',
    (_, geometry) => {
      const names = implementations(found.engine as OneDnnEngine, geometry);
      expect(names.filter((name) => name.startsWith('ref'))).toEqual([]);
      const slow = names.filter((name) => name.includes('gemm'));
      // Groups of 4 have nothing else but for weight gradients.
      expect(slow.length).toBeLessThanOrEqual(geometry.groups === 32 ? 2 : 0);
    },
  );
});

test('reference code is refused by name where it would take long, and only there', () => {
  const large = programOf(square(5, 1));
  const node = large.nodes.find(({ op }) => op === 'convolution_backward_weights')!;
  expect(() => refuseSlowCode(large, node, 'jit:avx2')).not.toThrow();
  const refused = (): void => refuseSlowCode(large, node, 'ref:any');
  expect(refused).toThrow(UnsupportedOpError);
  expect(refused).toThrow(/convolution_backward_weights .*72.* reference code here \(ref:any\)/);
  const small = programOf({ ...square(3, 1), channels: 8, groups: 8 });
  for (const each of small.nodes)
    expect(() => refuseSlowCode(small, each, 'ref:any')).not.toThrow();
});
