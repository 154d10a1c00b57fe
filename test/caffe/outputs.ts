// What a network computes by the reference executor.
import { createReferenceExecutor } from '../../src/executors/reference/index.js';
import { lowerNetwork } from '../../src/net/lower.js';
import type { Network } from '../../src/net/network.js';
import { ProgramBuilder } from '../../src/program/builder.js';
import { f32, type Shape } from '../../src/tensor/tensor.js';

/** Weights by "<layer>.<blob>". */
export type Weights = ReadonlyMap<
  string,
  { readonly shape: Shape; readonly read: () => Float32Array }
>;

/** Outputs for one image, tested; the network needs no classes. */
export async function outputsOf(
  network: Network,
  image: readonly number[],
  weights: Weights = new Map(),
): Promise<readonly number[]> {
  const builder = new ProgramBuilder();
  const { channels, height, width } = network.input;
  const shape = [1, channels, height, width];
  const index = builder.network(network.name);
  const slots: string[] = [];
  const y = lowerNetwork(builder, network, builder.feed('x', { dtype: 'f32', shape }), {
    ...{ mode: 'test', classes: 1, dropoutStream: [] },
    blob: (layer, { name, shape: of }) => {
      slots.push(`${layer.name}.${name}`);
      return builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape: of });
    },
  });
  builder.output('y', y, index);
  const executable = await createReferenceExecutor().compile(
    { test: builder.finish() },
    { precision: 'fp32', exact: true },
  );
  for (const name of slots) {
    const weight = weights.get(name);
    if (weight === undefined) throw new Error(`no weights for ${name}`);
    await executable.write(name, f32(weight.shape, weight.read()));
  }
  const { y: output } = await executable.run(
    'test',
    { x: f32(shape, Float32Array.from(image)) },
    {},
  );
  executable.dispose();
  return [...(output?.data ?? [])];
}
