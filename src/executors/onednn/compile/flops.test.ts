// What a profile says was computed is what the primitive that oneDNN chose computes.
import { describe, expect, test } from 'vitest';
import { ProgramBuilder } from '../../../program/builder.js';
import { nodeFlops, programFlops } from '../../../program/flops.js';
import type { Node } from '../../../program/types.js';
import type { OneDnnEngine } from '../engine.js';
import { createOnednnExecutor } from '../index.js';
import { openOrSkip } from '../open-or-skip.cases.js';
import { algorithmOf } from './flops.js';
import { squareSliding } from '../../../tensor/window.js';

const { engine, reason } = openOrSkip();
const [n, channels, size, outputs] = [32, 192, 7, 192];

function program() {
  const builder = new ProgramBuilder();
  const network = builder.network('a');
  const f32 = (...shape: number[]) => ({ dtype: 'f32', shape }) as const;
  const x = builder.slot('x', f32(n, channels, size, size));
  const w = builder.slot('w', f32(outputs, channels, 3, 3));
  const params = { ...squareSliding({ pad: 1 }), groups: 1 };
  const y = builder.apply('convolution', params, [x, w, builder.slot('b', f32(outputs))]);
  builder.output('y', y, network);
  return builder.finish();
}

/** The convolution's FLOPs as the executor's profile says them. */
async function profiledFlops(exact: boolean): Promise<number | undefined> {
  const options = { precision: 'fp32', exact, profile: true } as const;
  const executable = await createOnednnExecutor().compile({ main: program() }, options);
  try {
    await executable.run('main', {}, { learningRate: 0, iteration: 0 });
    await executable.run('main', {}, { learningRate: 0, iteration: 0 });
    const rows = executable.profile();
    expect(rows.filter(({ op }) => op !== 'convolution').every(({ flops }) => flops === 0)).toBe(
      true,
    );
    return rows.find(({ op }) => op === 'convolution')?.flops;
  } finally {
    executable.dispose();
  }
}

/** oneDNN's name of what it chooses when it is free to. */
function chosen({ layout, convolution }: OneDnnEngine): string {
  const any = (...dims: number[]) => layout(dims, 'f32', 'any');
  const y = any(n, outputs, size, size);
  const primitive = convolution({
    ...({ direction: 'forward', algorithm: 'auto', ...squareSliding({ pad: 1 }) } as const),
    ...{ src: any(n, channels, size, size), weights: any(outputs, channels, 3, 3), dst: y },
    bias: layout([outputs], 'f32', 'plain'),
  });
  const { implementation } = primitive;
  primitive.release();
  return implementation;
}

describe.skipIf(!engine)(`of a 3x3 convolution ${reason}`, () => {
  test('two exact runs count twice the direct algorithm', async () => {
    expect(await profiledFlops(true)).toBe(2 * programFlops(program(), [true]));
  });

  test('free runs count what was chosen: Winograd is a fraction of it', async () => {
    const made = program();
    const [node] = made.nodes as readonly [Node];
    const isWinograd = chosen(engine as OneDnnEngine).includes('wino');
    const flops = (await profiledFlops(false)) as number;
    // 36 products for 16 outputs instead of up to 144; 7 x 7 is 4 tiles of 4 x 4.
    const winograd = 2 * n * channels * outputs * 4 * 36;
    expect(flops).toBe(2 * (isWinograd ? winograd : nodeFlops(made, node, 'direct')));
  });
});

test('the tile stands in the name of the implementation', () => {
  expect(algorithmOf('jit_wino_4x3:avx512_core')).toEqual({ tile: 4 });
  expect(algorithmOf('jit_fp32_wino_2x3:avx512_core')).toEqual({ tile: 2 });
  expect(algorithmOf('jit:avx512_core')).toBe('direct');
  expect(algorithmOf('gemm:jit')).toBe('direct');
});
