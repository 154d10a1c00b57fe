// Which layers of a network file make the classes: what the loss that counts reads, and what that
// reads in turn. Side heads, second tasks and layers that nobody reads are not among them.
import type { CaffeLayer } from './caffe-layers.js';
import { isComputing } from './convert/table.js';
import type { ImageSource } from './data-layer.js';
import type { Issues } from './issues.js';
import type { CaffeKind } from './kinds.js';

/** What a layer reads: another layer, or images. */
export type Producer =
  | { readonly kind: 'layer'; readonly layer: CaffeLayer }
  | { readonly kind: 'images'; readonly name: string; readonly source: ImageSource };

/** The part of a network that makes its classes. */
export interface NeededLayers {
  /** In order, the output last. */
  readonly layers: readonly CaffeLayer[];
  /** What each reads by each of its bottoms; null if no layer before it has such a top. */
  readonly reads: ReadonlyMap<CaffeLayer, readonly (Producer | null)[]>;
  /** Where the images come from; null if the output reads none. */
  readonly images: ImageSource | null;
}

/** Kinds that are part of the computation, ours or not. */
function computes(kind: CaffeKind): boolean {
  return isComputing(kind) || ['padding', 'flatten', 'split', 'unknown'].includes(kind);
}

/** The layers that the output needs. Those that it does not need are named in remarks.
 *  @param inputs names of the inputs that the file declares */
export function neededLayers(
  layers: readonly CaffeLayer[],
  inputs: readonly string[],
  issues: Issues,
): NeededLayers {
  const reads = producers(layers, inputs);
  const loss = lossOf(layers, issues);
  const output = loss === null ? lastOf(layers, reads) : outputOf(loss, reads);
  const needed = new Set<CaffeLayer>();
  const images = new Map<string, ImageSource>();
  const visit = (producer: Producer | null): void => {
    if (producer?.kind === 'images') images.set(producer.name, producer.source);
    if (producer?.kind !== 'layer' || needed.has(producer.layer)) return;
    needed.add(producer.layer);
    reads.get(producer.layer)?.forEach(visit);
  };
  if (output !== null) visit({ kind: 'layer', layer: output });
  if (images.size > 1) {
    const place = output?.place ?? { line: 1, column: 1 };
    issues.add(place, `the network reads ${[...images.keys()].join(' and ')}, wanted one input`);
  }
  if ([...needed].some((layer) => reads.get(layer)?.includes(null))) {
    // Where a wire is missing nobody knows who needs what: all that is wrong is said.
    for (const layer of layers) if (computes(layer.kind)) needed.add(layer);
  }
  remarkOnOthers({ layers, reads, needed, loss, output }, issues);
  const [first] = images.values();
  return { layers: layers.filter((layer) => needed.has(layer)), reads, images: first ?? null };
}

function producers(
  layers: readonly CaffeLayer[],
  inputs: readonly string[],
): NeededLayers['reads'] {
  const blobs = new Map<string, Producer>(
    inputs.map((name, index) => [name, { kind: 'images', name, source: { layer: null, index } }]),
  );
  const reads = new Map<CaffeLayer, readonly (Producer | null)[]>();
  for (const layer of layers) {
    reads.set(
      layer,
      layer.bottoms.map((bottom) => blobs.get(bottom) ?? null),
    );
    layer.tops.forEach((name, index) => {
      blobs.set(
        name,
        layer.kind === 'data'
          ? { kind: 'images', name, source: { layer, index } }
          : { kind: 'layer', layer },
      );
    });
  }
  return reads;
}

/** The loss that is trained: the one of the greatest weight, of equal ones the last. */
function lossOf(layers: readonly CaffeLayer[], issues: Issues): CaffeLayer | null {
  const losses = layers.filter(({ kind }) => kind === 'loss');
  const loss = losses.reduce<CaffeLayer | null>(
    (best, each) => (best === null || each.lossWeight >= best.lossWeight ? each : best),
    null,
  );
  const [other] = layers.filter(({ kind }) => kind === 'other-loss');
  if (loss === null && other !== undefined) {
    issues.add(
      other.place,
      `layer "${other.name}": type ${other.type} is not supported: networks learn classes, wanted SoftmaxWithLoss`,
    );
  }
  if (loss !== null && loss.lossWeight !== 1) {
    issues.remark(
      loss.place,
      `layer "${loss.name}": loss_weight ${loss.lossWeight} is not taken, the loss has weight 1; to train alike multiply the rate by it and divide the weight decay by it`,
    );
  }
  return loss;
}

/** The layer whose output is the logits: what the loss reads, below a softmax. */
function outputOf(loss: CaffeLayer, reads: NeededLayers['reads']): CaffeLayer | null {
  const [producer] = reads.get(loss) ?? [];
  if (producer?.kind !== 'layer') return null;
  return producer.layer.kind === 'softmax' ? outputOf(producer.layer, reads) : producer.layer;
}

/** Without a loss: what the last softmax reads, or the last layer that computes. */
function lastOf(layers: readonly CaffeLayer[], reads: NeededLayers['reads']): CaffeLayer | null {
  const softmax = layers.findLast(({ kind }) => kind === 'softmax');
  const output = softmax === undefined ? null : outputOf(softmax, reads);
  return output ?? layers.findLast(({ kind }) => computes(kind)) ?? null;
}

interface Division {
  readonly layers: readonly CaffeLayer[];
  readonly reads: NeededLayers['reads'];
  readonly needed: ReadonlySet<CaffeLayer>;
  readonly loss: CaffeLayer | null;
  readonly output: CaffeLayer | null;
}

function remarkOnOthers({ layers, needed, loss, output }: Division, issues: Issues): void {
  const of = `the output "${output?.name ?? ''}" does not need it`;
  for (const layer of layers) {
    if (computes(layer.kind) && !needed.has(layer)) {
      issues.remark(layer.place, `layer "${layer.name}" is left out: ${of}`);
    }
    const isLoss = layer.kind === 'loss' || layer.kind === 'other-loss';
    if (isLoss && loss !== null && layer !== loss) {
      issues.remark(
        layer.place,
        `layer "${layer.name}" is left out: the network learns by the loss "${loss.name}" alone, that of the greatest loss_weight (of equal ones the last)`,
      );
    }
  }
}
