// Which blob of which layer of Caffe each blob of a network is.
import type { BlobSpec } from '../../layers/blob.js';
import { factsOf, type LayerFacts } from '../../facts.js';
import type { CaffeNetwork } from '../prototxt/read-network.js';

/** A blob of a network, and where a caffemodel has it. */
export interface WantedBlob {
  /** "<layer>.<blob>". */
  readonly name: string;
  readonly spec: BlobSpec;
  /** Its place among the blobs of Caffe's layer. */
  readonly index: number;
  /** The place of a blob of one number by which it is divided; null if none is. */
  readonly divisor: number | null;
}

/** Layer of Caffe -> its blobs, as many as the file must have. */
export type WantedLayers = ReadonlyMap<
  string,
  { readonly blobs: readonly WantedBlob[]; readonly count: number }
>;

// A batch norm has sums of mean and variance, then by what they are divided.
const STATISTICS = ['running_mean', 'running_var'];
const FACTOR = 2;

/** The blobs of a network by the layers that hold them in Caffe. */
export function wantedLayers(
  { network, scales }: Pick<CaffeNetwork, 'network' | 'scales'>,
  classes: number,
): WantedLayers {
  const wanted = new Map<
    string,
    { readonly blobs: readonly WantedBlob[]; readonly count: number }
  >();
  for (const facts of factsOf(network, classes).values()) {
    const { name, kind } = facts.layer;
    if (facts.blobs.length === 0) continue;
    if (kind !== 'batch-norm') {
      const blobs = listed(facts, facts.blobs, null);
      wanted.set(name, { blobs, count: blobs.length });
      continue;
    }
    const isStatistic = (spec: BlobSpec): boolean => STATISTICS.includes(spec.name);
    const blobs = listed(facts, facts.blobs.filter(isStatistic), FACTOR);
    wanted.set(name, { blobs, count: FACTOR + 1 });
    const scale = scales.get(name);
    if (scale === undefined) continue;
    const learned = listed(
      facts,
      facts.blobs.filter((spec) => !isStatistic(spec)),
      null,
    );
    wanted.set(scale, { blobs: learned, count: learned.length });
  }
  return wanted;
}

function listed(
  { layer }: LayerFacts,
  specs: readonly BlobSpec[],
  divisor: number | null,
): readonly WantedBlob[] {
  return specs.map((spec, index) => ({ name: `${layer.name}.${spec.name}`, spec, index, divisor }));
}
