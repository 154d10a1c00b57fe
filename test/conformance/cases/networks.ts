// One training step of whole networks: forward, `differentiate`, loss, solver update in the slots.
import { ProgramBuilder } from '../../../src/program/builder.js';
import { differentiate } from '../../../src/program/differentiate.js';
import type { ValueId } from '../../../src/program/types.js';
import { type Chain, emitChain, parametersOf, parseChain, resultOf } from '../chain.js';
import { feed, type Given, labels, type Problem, type Wanted } from '../problem.js';

/** `glyph28`, `tiny32` and small relatives of `alex64` and `caffenet`, as chains. */
export const networkLines = {
  glyph28:
    'net mb3ic1ih28 | conv oc16kh5ph2 | relu | pool kh3sh2 | conv oc32kh5ph2 | relu | pool kh3sh2 | conv oc48kh3ph1 | relu | ' +
    'conv oc48kh3ph1 | relu | pool kh3sh2 | ip oc128 | relu | drop r0.5 | ip oc26',
  tiny32:
    'net mb1ic3ih32 | conv oc32kh5ph2 | relu | pool kh3sh2 | lrn | conv oc64kh5ph2 | relu | pool kh3sh2 | lrn | conv oc96kh3ph1 | relu | ' +
    'conv oc96kh3ph1 | relu | conv oc64kh3ph1 | relu | pool kh3sh2 | ip oc256 | relu | drop r0.5 | ip oc256 | relu | drop r0.5 | ip oc20',
  alex64:
    'net mb2ic3ih56 | conv oc20kh7sh2ph3 | relu | pool kh3sh2 | lrn | conv oc32kh5ph2 | relu | pool kh3sh2 | lrn | conv oc48kh3ph1 | relu | pool kh3sh2 | ip oc31',
  caffenet:
    'net mb2ic3ih67 | conv oc16kh11sh4 | relu | pool kh3sh2 | lrn | conv g2oc32kh5ph2 | relu | pool kh3sh2 | lrn | conv oc48kh3ph1 | relu | ' +
    'conv g2oc32kh3ph1 | relu | pool kh3sh2 | ip oc64 | relu | drop r0.5 | ip oc31',
};

const solver = { lrMult: 1, momentum: 0.9, weightDecay: 0.0005 };

/** loss, p, every gradient, and weights and velocities after the step. */
export const networkProblems: readonly Problem[] = Object.values(networkLines).map((line) =>
  networkProblem(parseChain(line)),
);

function networkProblem(chain: Chain): Problem {
  const parameters = parametersOf(chain, new ProgramBuilder());
  const classes = chain.layers.at(-1)?.get('oc') as number;
  const names = Object.keys(parameters);
  // Float32 against float64 through the whole depth, by the largest element of each gradient: 8 u a
  // layer (AVX2 was seen to need 1). A kink taken the other way or a wrong index changes elements
  // by more than 1e4 u.
  const factor = 8 * chain.layers.length;
  const wanted: Wanted = {
    limit: { type: 'norm', factor },
    winogradLimit: { type: 'norm', factor: 16 * factor },
    maxZeros: 0.97,
  };
  const velocities: Record<string, Given> = Object.fromEntries(
    names.map((name) => [
      `v${name}`,
      { ...(parameters[name] as Given), content: { amplitude: 1e-3 } },
    ]),
  );
  return {
    line: chain.line,
    fills: ['reals'],
    scalars: { learningRate: 0.01, iteration: 3 },
    given: {
      x: feed(chain.inputShape),
      labels: labels(chain.inputShape[0] as number, classes),
      ...parameters,
      ...velocities,
    },
    build: (builder, given) => {
      const steps = emitChain(builder, chain, given['x']!, (name) => given[name]!);
      const inputs = [resultOf(steps), given['labels']!];
      const [loss, p] = builder.emit('softmax_cross_entropy', {}, inputs);
      const gradients = differentiate(
        builder,
        loss!,
        names.map((name) => given[name]!),
      );
      const outputs: Record<string, ValueId> = { loss: loss!, p: p! };
      const next: Record<string, ValueId> = {};
      names.forEach((name, index) => {
        outputs[`d${name}`] = gradients[index]!;
        const updated = [given[name]!, given[`v${name}`]!, gradients[index]!];
        const [w, v] = builder.emit('sgd_update', solver, updated);
        next[name] = w!;
        next[`v${name}`] = v!;
      });
      return { outputs, next };
    },
    wanted: {
      loss: wanted,
      p: wanted,
      ...Object.fromEntries(
        names.flatMap((name) => [
          [`d${name}`, wanted],
          [name, wanted],
          [`v${name}`, wanted],
        ]),
      ),
    },
  };
}
