// The layers of Caffe as ours, wired: what pads, flattens or splits goes into its reader, and a
// Scale into the batch norm below it.
import type { Sliding } from '../../../tensor/window.js';
import type { Layer, LayerMap } from '../../layers/table.js';
import type { NetworkInput } from '../../network.js';
import type { CaffeLayer } from './caffe-layers.js';
import type { Input, LayerPlace } from './convert/converter.js';
import { expectOnly } from './convert/only.js';
import { withScale } from './convert/norms.js';
import { bottomsOf, converters, elementwise, isComputing } from './convert/table.js';
import type { Issues } from './issues.js';
import type { NeededLayers, Producer } from './needed-layers.js';
import { Shapes } from './shapes.js';

/** A network before its classes are known. */
export interface Connected {
  readonly layers: readonly Layer[];
  /** Name of the layer whose output the classes are. */
  readonly output: string;
  /** Batch norm -> the Scale layer of the file that holds its weight and bias. */
  readonly scales: ReadonlyMap<string, string>;
}

/** Where a blob comes from. */
interface Source {
  /** A layer of ours. */
  readonly layer: string;
  /** Zeros that a padding layer put around it. */
  readonly pad: number;
  /** Name of the layer that flattens it; null if none does. Inner products flatten by
   *  themselves. */
  readonly flat: string | null;
}

const images: Source = { layer: 'data', pad: 0, flat: null };

/** Converts and wires all layers. Problems go to `issues`. */
export function connect(needed: NeededLayers, input: NetworkInput, issues: Issues): Connected {
  return new Connection(needed, input, issues).connected();
}

class Connection {
  readonly #needed: NeededLayers;
  readonly #issues: Issues;
  readonly #shapes: Shapes;
  readonly #sources = new Map<CaffeLayer, Source>();
  readonly #layers = new Map<string, Layer>();
  readonly #scales = new Map<string, string>();
  /** How many layers read one. */
  readonly #readers = new Map<CaffeLayer, number>();

  constructor(needed: NeededLayers, input: NetworkInput, issues: Issues) {
    this.#needed = needed;
    this.#issues = issues;
    this.#shapes = new Shapes(input);
    for (const producer of needed.layers.flatMap((layer) => needed.reads.get(layer) ?? [])) {
      if (producer?.kind !== 'layer') continue;
      this.#readers.set(producer.layer, (this.#readers.get(producer.layer) ?? 0) + 1);
    }
  }

  connected(): Connected {
    const { layers, reads } = this.#needed;
    const sharing = new Map<string, CaffeLayer>();
    for (const layer of layers) {
      checkBottoms(layer, reads.get(layer) ?? [], this.#issues);
      checkSharing(layer, sharing, this.#issues);
      this.#sources.set(layer, this.#place(layer, reads.get(layer) ?? []));
    }
    const [last] = layers.slice(-1);
    const output = this.#ended((last && this.#sources.get(last)) ?? images);
    return { layers: [...this.#layers.values()], output, scales: this.#scales };
  }

  #place(layer: CaffeLayer, reads: readonly (Producer | null)[]): Source {
    const { kind, name, parameters } = layer;
    const [first = images, ...others] = reads.map((producer) =>
      producer?.kind === 'layer' ? (this.#sources.get(producer.layer) ?? images) : images,
    );
    if (kind === 'padding') return { ...first, pad: first.pad + parameters.number(['pad'], 0) };
    if (kind === 'split') return first;
    if (kind === 'flatten') {
      expectOnly(layer, this.#issues, { axis: 1, end_axis: -1 });
      return { ...first, flat: first.flat ?? name };
    }
    if (!isComputing(kind)) {
      this.#issues.add(layer.place, `layer "${name}": type ${layer.type} is not supported`);
      return { layer: name, pad: 0, flat: null };
    }
    const merged = kind === 'scale' ? this.#merged(layer, reads) : null;
    if (merged !== null) return merged;
    const keepsFlat = elementwise.has(kind) || kind === 'inner-product';
    const inputOf = (source: Source): Input => {
      const from = keepsFlat ? source.layer : this.#flattened(source);
      return { layer: from, shape: this.#shapes.of(from) };
    };
    const isOutput = layer === this.#needed.layers.at(-1);
    this.#convert(layer, { inputs: [inputOf(first), ...others.map(inputOf)], isOutput }, first.pad);
    const flat = elementwise.has(kind) ? first.flat : null;
    return { layer: name, pad: 0, flat };
  }

  #convert(layer: CaffeLayer, place: LayerPlace, pad: number): void {
    const { kind, name, parameters } = layer;
    if (!isComputing(kind)) return;
    const made = [converters[kind](layer, place, this.#issues)].flat();
    this.#expectAllRead(layer);
    parameters.all('engine');
    if (pad > 0 && kind !== 'convolution') {
      this.#issues.add(layer.place, `layer "${name}" reads a padded blob; only convolutions can`);
    }
    for (const each of made) this.#add(each.kind === 'convolution' ? padded(each, pad) : each);
  }

  /** What a batch norm becomes under a Scale layer that nobody but it separates from the rest. */
  #merged(layer: CaffeLayer, [below = null]: readonly (Producer | null)[]): Source | null {
    if (below?.kind !== 'layer' || this.#readers.get(below.layer) !== 1) return null;
    const norm = this.#layers.get(below.layer.name);
    if (norm?.kind !== 'batch-norm' || layer.bottoms.length !== 1) return null;
    const scaled = withScale(norm, layer, this.#issues);
    if (scaled === null) return null;
    this.#expectAllRead(layer);
    this.#layers.set(norm.name, scaled);
    this.#scales.set(norm.name, layer.name);
    return { layer: norm.name, pad: 0, flat: null };
  }

  #expectAllRead({ name, parameters }: CaffeLayer): void {
    parameters.all('engine');
    parameters.rejectOthers(`layer "${name}"`);
  }

  /** A blob, flat where a layer of the file flattens it. */
  #flattened({ layer, flat }: Source): string {
    const shape = this.#shapes.of(layer);
    if (flat === null || shape === null || shape.length === 1) return layer;
    const count = shape.reduce((product, size) => product * size, 1);
    if (!this.#layers.has(flat)) {
      this.#add({ kind: 'reshape', name: flat, inputs: [layer], shape: [1, count] });
    }
    return flat;
  }

  /** The output, one number a class: where it is 1 x 1 places of channels, their mean. */
  #ended(source: Source): string {
    const { layer, flat } = source;
    const shape = this.#shapes.of(layer);
    const last = this.#layers.get(layer);
    if (shape?.length !== 3 || shape[1] !== 1 || shape[2] !== 1) return this.#flattened(source);
    if (last?.kind === 'mean' && this.#isLast(layer)) {
      this.#layers.set(layer, { ...last, keepDims: false });
      return layer;
    }
    const name = flat ?? `${layer}_flat`;
    this.#add({ kind: 'mean', name, inputs: [layer], axes: [2, 3], keepDims: false });
    return name;
  }

  #isLast(name: string): boolean {
    return [...this.#layers.values()].every(({ inputs }) => !inputs.includes(name));
  }

  #add(layer: Layer): void {
    if (this.#layers.has(layer.name)) {
      const message = `layer "${layer.name}": the name is used twice`;
      this.#issues.add({ line: 1, column: 1 }, message);
    }
    this.#layers.set(layer.name, layer);
    this.#shapes.add(layer);
  }
}

function padded(layer: LayerMap['convolution'], pad: number): LayerMap['convolution'] {
  const [top, left, bottom, right] = layer.pads;
  const pads: Sliding['pads'] = [top + pad, left + pad, bottom + pad, right + pad];
  return { ...layer, pads };
}

function checkBottoms(
  { name, kind, place: at, bottoms, propagatesDown }: CaffeLayer,
  reads: readonly (Producer | null)[],
  issues: Issues,
): void {
  if (kind === 'unknown') return;
  const [least, most] = bottomsOf[kind] ?? [1, 1];
  if (bottoms.length < least || bottoms.length > most) {
    const wanted = most === Infinity ? `at least ${least}` : least === most ? least : '1 or 2';
    issues.add(at, `layer "${name}" has ${bottoms.length} bottoms, wanted ${wanted}`);
  }
  reads.forEach((producer, index) => {
    if (producer !== null) return;
    issues.add(at, `layer "${name}": no layer before it has the top "${bottoms[index] ?? ''}"`);
  });
  if (!propagatesDown && reads.some((producer) => producer?.kind === 'layer')) {
    issues.add(
      at,
      `layer "${name}": propagate_down: false would leave the layers below at their first random values; leave it out: treatments say what is frozen`,
    );
  }
}

/** A name that one layer alone gives its weights shares nothing. */
function checkSharing(layer: CaffeLayer, seen: Map<string, CaffeLayer>, issues: Issues): void {
  for (const shared of layer.sharedNames) {
    const other = seen.get(shared);
    if (other !== undefined) {
      issues.add(
        layer.place,
        `layer "${layer.name}" shares the weights "${shared}" with "${other.name}", which is not supported`,
      );
    }
    seen.set(shared, layer);
  }
}
