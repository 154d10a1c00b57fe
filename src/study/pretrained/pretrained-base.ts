// A base that was trained elsewhere: a file in place of a training.
import { contentHash } from '../../base/canonical-json.js';
import { ParseError } from '../../base/errors.js';
import { factsOf } from '../../net/facts.js';
import type { Network } from '../../net/network.js';
import { matchArchitecture } from '../../net/same-architecture.js';
import { f32, type HostTensor, sameShape } from '../../tensor/tensor.js';
import { tensorHash } from '../../tensor/tensor-hash.js';
import { type BaseFile, readBaseFile } from './read-base-file.js';

/** What a study may state of the images a base was trained on. `target`: images or classes of the
 *  target task were among them. */
export type Seen = 'target';

/** A base of a study that is read, not trained. */
export interface PretrainedBase extends BaseFile {
  /** SHA-256 of its weights by the names of the study's network: what identities hold. */
  readonly weights: string;
  /** Its own, whatever they are. */
  readonly classes: number;
  /** As the study states it. */
  readonly hasSeen: readonly Seen[];
}

/** A file as the base of a network. */
export interface PretrainedWeights {
  readonly hash: string;
  readonly classes: number;
  /** By "<layer>.<blob>" of the study's network. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
}

/** Reads a file whose network must be `network` but for the number of its classes.
 *  @throws ParseError saying what differs, or what cannot be read; FileError */
export function readPretrained(base: BaseFile, network: Network): PretrainedWeights {
  const { file } = base;
  const fail = (message: string): never => {
    throw new ParseError([{ file, message }]);
  };
  const found = readBaseFile(base, network.input);
  const matched = matchArchitecture(network, found.network);
  if ('difference' in matched) {
    return fail(
      `its network is not ${network.name}, the network of the study: ${matched.difference}; take it as \`network:\` too, or another file (\`selffer export\` writes one with --prepared)`,
    );
  }
  const tensors: Record<string, HostTensor> = {};
  for (const [name, { blobs }] of factsOf(network, found.classes)) {
    for (const { name: blob, shape } of blobs) {
      const own = `${matched.layers.get(name)}.${blob}`;
      const weight = found.weights.get(own);
      if (weight === undefined || !sameShape(weight.shape, shape)) {
        const what = weight === undefined ? 'nothing' : `[${weight.shape.join(',')}]`;
        return fail(`${own}: found ${what}, wanted [${shape.join(',')}] for ${name}.${blob}`);
      }
      tensors[`${name}.${blob}`] = f32(shape, weight.read());
    }
  }
  const hashes = Object.entries(tensors).map(([name, tensor]) => [name, tensorHash(tensor)]);
  return { hash: contentHash(Object.fromEntries(hashes)), classes: found.classes, tensors };
}
