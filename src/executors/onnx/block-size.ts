// Asks onnxruntime how wide its blocks of channels are.
import { NativeError } from '../../base/errors.js';
import { onBlocks } from './compile/blocks.js';
import { Graph } from './compile/graph.js';
import { Session, type SessionSetting } from './session.js';
import { zeros } from './slot-store.js';

/** Channels of a block of onnxruntime's convolutions on blocks (compile/blocks.ts): 16 with
 *  AVX-512, else 8; 0 where they are not used. Four channels laid in blocks fill just one. */
export async function blockSizeOf(setting: SessionSetting): Promise<number> {
  // Elsewhere nobody has measured or tested them.
  if (setting.provider !== 'cpu' || process.arch !== 'x64') return 0;
  const graph = new Graph();
  const x = { dtype: 'f32', shape: [1, 4, 1, 1] } as const;
  const y = { dtype: 'i32', shape: [4] } as const;
  const blocked = graph.apply(onBlocks('ReorderInput'), [graph.input('x', x)]);
  const shape = graph.cast(graph.apply('Shape', [blocked]), 'i32');
  try {
    const session = await Session.open(graph.finish([{ value: shape, type: y }]), setting);
    const found = zeros(y);
    await session.run(new Map([['x', zeros(x)]]), new Map([[shape, found]]));
    session.release();
    const size = found.data[1] as number;
    return size >= 8 ? size : 0;
  } catch (error) {
    if (error instanceof NativeError) return 0; // operators that only onnxruntime itself writes
    throw error;
  }
}
