// A worker compiles many programs: none may leave anything of 3.x's behind.
import { describe, expect, test } from 'vitest';
import { ProgramBuilder } from '../../../program/builder.js';
import type { Program } from '../../../program/types.js';
import type { HostTensor } from '../../../tensor/tensor.js';
import type { Executable } from '../../executor.js';
import type { OneDnnEngine } from '../engine.js';
import { createOnednnExecutor } from '../onednn-executor.js';
import { openOrSkip } from '../open-or-skip.cases.js';
import { squareSliding, squareWindow } from '../../../tensor/window.js';

const opened = openOrSkip();
const { engine } = opened;
const isV3 = engine !== undefined && /^oneDNN 3\./.test(engine.version);
const reason = isV3 ? '' : opened.reason || `${engine?.version} keeps none in native memory`;
const f32 = (...shape: number[]) => ({ dtype: 'f32', shape }) as const;
const options = { precision: 'fp32', exact: true } as const;

/** A convolution, pooling and an update of the weights; `wrong` asks for an output that is
 *  refused. */
function made(wrong = false): Program {
  const builder = new ProgramBuilder();
  const network = builder.network('a');
  const [x, w] = [builder.feed('x', f32(2, 16, 9, 9)), builder.slot('w', f32(32, 16, 3, 3))];
  const params = { ...squareSliding({ pad: 1 }), groups: 1 };
  const y = builder.apply('convolution', params, [x, w, builder.slot('b', f32(32))]);
  const [pooled, winners] = builder.emit('max_pool', squareWindow(3, 'ceil', { stride: 2 }), [y]);
  builder.output('y', pooled as number, network);
  if (wrong) builder.output('winners', winners as number, network);
  const wShape = [32, 16, 3, 3] as const;
  const [dw] = builder.emit('convolution_backward_weights', { ...params, wShape }, [x, y]);
  const v = builder.slot('v', f32(32, 16, 3, 3), 'w');
  const solver = { lrMult: 1, momentum: 0.9, weightDecay: 0.1 };
  const [nextW, nextV] = builder.emit('sgd_update', solver, [w, v, dw as number]);
  builder.setNext('w', nextW as number, network);
  builder.setNext('v', nextV as number, network);
  return builder.finish();
}

const feeds = { x: { ...f32(2, 16, 9, 9), data: new Float32Array(2 * 16 * 81).fill(0.1) } };

describe.skipIf(!isV3)(`native layout descriptors ${reason}`, () => {
  const live = (): number => (engine as OneDnnEngine).liveDescriptors();
  const compile = (program: Program): Promise<Executable> =>
    createOnednnExecutor({ engine: engine as OneDnnEngine }).compile({ main: program }, options);

  test('dispose frees all of an executable, and runs make no more of them', async () => {
    const before = live();
    const executable = await compile(made());
    const use = async (iteration: number): Promise<void> => {
      // Another rate: the update makes its primitives anew.
      await executable.run('main', feeds, { learningRate: 1 / (1 + iteration), iteration });
      await executable.write('w', await executable.read('w'));
    };
    await use(0);
    const first = live();
    expect(first).toBeGreaterThan(before);
    for (let iteration = 1; iteration < 20; iteration++) await use(iteration);
    expect(live()).toBe(first);
    executable.dispose();
    expect(live()).toBe(before);
  });

  test('another executable is not touched', async () => {
    const [one, other] = [await compile(made()), await compile(made())];
    const ones = { ...f32(32, 16, 3, 3), data: new Float32Array(32 * 16 * 9).fill(1) };
    const trained = async (executable: Executable): Promise<HostTensor> => {
      await executable.write('w', ones);
      await executable.run('main', feeds, { learningRate: 0.1, iteration: 0 });
      return executable.read('w');
    };
    const expected = await trained(one);
    one.dispose();
    expect(await trained(other)).toEqual(expected);
    expect(expected).not.toEqual(ones);
    other.dispose();
  });

  test('a program that is refused leaves none', async () => {
    const before = live();
    await expect(compile(made(true))).rejects.toThrow(/opaque/);
    expect(live()).toBe(before);
  });
});
