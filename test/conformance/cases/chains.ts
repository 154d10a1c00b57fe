// Layers one after another, forward and backward in one program: what executors fuse, overwrite in
// place, or keep in their own layout.
import { ProgramBuilder } from '../../../src/program/builder.js';
import {
  type Chain,
  emitChain,
  emitChainBackward,
  parametersOf,
  parseChain,
  resultOf,
} from '../chain.js';
import { feed, type Problem, type Wanted } from '../problem.js';

const lines = [
  'chain mb2ic3ih12 | conv oc16kh5ph2 | relu',
  'chain mb2ic3ih12 | conv oc16kh5ph2nb1 | relu | ip oc20nb1 | relu',
  'chain mb3ic5ih9 | conv oc20kh3ph1 | relu',
  'chain mb2ic3ih16 | conv oc16kh5ph2 | relu | pool kh3sh2',
  'chain mb2ic3ih16 | conv oc16kh5ph2 | relu | pool kh3sh2 | lrn',
  'chain mb2ic3ih16 | conv oc20kh3ph1 | relu | lrn a0.1 | pool kh3sh2',
  'chain mb1ic16ih8 | conv oc31kh3ph1 | lrn a0.5 | relu',
  'chain mb2ic3ih27 | conv oc16kh11sh4 | relu | pool kh3sh2',
  'chain mb2ic3ih12 | conv oc16kh3ph1 | pool kh3sh2 | relu | conv oc20kh3ph1 | relu',
  'chain mb2ic16ih7 | conv g2oc32kh3ph1 | relu | conv g2oc26kh3ph1 | relu',
  'chain mb2ic3ih9 | conv oc20kh3ph1 | relu | pool kh3sh2 | ip oc31',
  'chain mb2ic16ih8 | conv oc48kh3ph1 | ip oc20',
  'chain mb3ic64 | ip oc48 | relu | drop r0.5',
  'chain mb3ic20ih4 | ip oc31 | relu | drop r0.5 | ip oc26',
  'chain mb2ic8ih6 | relu | pool kh2sh2 | relu',
  'chain mb4ic3ih8 | conv oc16kh3ph1nb1 | bn | relu | conv oc20kh3ph1nb1 | bn | relu',
  'chain mb4ic3ih8 | conv oc16kh3ph1nb1 | bn | conv oc16kh3ph1nb1 | bn | relu | pool kh3sh2',
  'chain mb8ic12 | ip oc20nb1 | bn | relu | ip oc10',
  'chain mb2ic3ih9 | conv oc16kh3ph1nb1 | bn | relu | avg kh3sh2 | conv oc20kh3ph1nb1 | bn | relu | gap | ip oc10',
  'chain mb2ic3ih8 | conv oc20kh3ph1 | avg kh3sh2ph1ip1 | relu | gap kd1 | relu',
  'chain mb2ic16ih6 | conv oc16kh3ph1 | relu | drop r0.5 | ip oc10',
  'chain mb2ic1ih28 | conv oc16kh5ph2 | relu | pool kh3sh2 | conv oc32kh5ph2 | relu | pool kh3sh2n"glyph28, first half"',
];

/** y, dx and every parameter's gradient from a given dy. */
export const chainProblems: readonly Problem[] = lines.map((line) =>
  chainProblem(parseChain(line)),
);

function chainProblem(chain: Chain): Problem {
  const dry = new ProgramBuilder();
  const parameters = parametersOf(chain, dry);
  const x = dry.feed('x', { dtype: 'f32', shape: chain.inputShape });
  const steps = emitChain(dry, chain, x, (name, shape) => dry.slot(name, { dtype: 'f32', shape }));
  const isRounded = chain.layers.some(({ kind }) => ['lrn', 'bn', 'avg', 'gap'].includes(kind));
  // A layer's error is carried on by the next: 16 u for each, of the largest element, which other
  // elements' sums may reach.
  const limit = { type: 'norm', factor: 16 * chain.layers.length } as const;
  const wanted: Wanted = {
    limit,
    winogradLimit: { ...limit, factor: 16 * limit.factor },
    maxZeros: 0.97,
  };
  return {
    line: chain.line,
    // Integers stay exact through LRN's powers and batch norm's roots nowhere, nor
    // through quotients.
    fills: isRounded ? ['reals'] : ['integers', 'reals'],
    given: {
      x: feed(chain.inputShape, { span: 2 }),
      dy: feed(dry.typeOf(resultOf(steps)).shape, { span: 2 }),
      ...parameters,
    },
    build: (builder, { x: data, dy, ...slots }) => {
      const emitted = emitChain(builder, chain, data!, (name) => slots[name]!);
      const gradients = emitChainBackward(builder, emitted, dy!);
      const byName = Object.entries(slots).map(([name, value]) => [
        `d${name}`,
        gradients.get(value!)!,
      ]);
      return {
        outputs: { y: resultOf(emitted), dx: gradients.get(data!)!, ...Object.fromEntries(byName) },
      };
    },
    wanted: {
      y: wanted,
      dx: wanted,
      ...Object.fromEntries(Object.keys(parameters).map((name) => [`d${name}`, wanted])),
    },
  };
}
