// Whether two networks compute the same function of their weights, whatever their layers are called
// and in which order branches stand; which layer is which.
import { contentHash, type Json } from '../base/canonical-json.js';
import { activationNumbers } from '../program/ops/activation.js';
import { withOutputs } from './classifier.js';
import type { Layer } from './layers/table.js';
import type { Network } from './network.js';

/** Layers of one network by the names of the other's, or what differs first, seen from the
 *  classes: the end of a sentence about the second. */
export type Matched =
  { readonly layers: ReadonlyMap<string, string> } | { readonly difference: string };

/** Matches `found` to `wanted`. Not compared: names, how weights start and learn, the number of
 *  classes, dropout, which exporters leave out, and numbers beyond six digits, which float32
 *  loses. */
export function matchArchitecture(wanted: Network, found: Network): Matched {
  const [a, b] = [new Signatures(wanted), new Signatures(found)];
  const [top, other] = [a.below(wanted.output), b.below(found.output)];
  if (a.of(top) !== b.of(other)) return { difference: firstDifference(a, b, top, other) };
  const layers = new Map<string, string>();
  const pair = (left: string, right: string): void => {
    if (left === 'data' || layers.has(left)) return;
    layers.set(left, right);
    const rest = [...b.inputs(right)];
    for (const input of a.inputs(left)) {
      // The inputs of a sum may stand in another order.
      const at = rest.findIndex((each) => b.of(each) === a.of(input));
      pair(input, rest.splice(at, 1)[0] as string);
    }
  };
  pair(top, other);
  return { layers };
}

type Fields = Readonly<Record<string, Json>>;

/** What each layer computes of the network's input. */
class Signatures {
  readonly #layers: ReadonlyMap<string, Layer>;
  readonly #known = new Map<string, string>([['data', 'data']]);

  constructor(network: Network) {
    const { layers } = withOutputs(network, 'classes');
    this.#layers = new Map(layers.map((layer) => [layer.name, layer]));
    // From the input on: a deep network is no deep recursion.
    for (const { name } of layers) this.of(name);
  }

  /** Equal for layers that compute the same. */
  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const layer = this.layer(name);
    const inputs = this.inputs(name).map((input) => this.of(input));
    const isOrdered = layer.kind !== 'multiply' && (layer.kind !== 'add' || layer.coefficients);
    const signature =
      layer.kind === 'dropout'
        ? (inputs[0] as string)
        : contentHash([fieldsOf(layer), isOrdered ? inputs : inputs.toSorted()]);
    this.#known.set(name, signature);
    return signature;
  }

  layer(name: string): Layer {
    return this.#layers.get(name) as Layer;
  }

  /** The layer of a name, or the one below it if it is dropout. */
  below(name: string): string {
    const layer = this.#layers.get(name);
    return layer?.kind === 'dropout' ? this.below(layer.inputs[0] as string) : name;
  }

  /** What a layer reads, dropout left out. */
  inputs(name: string): readonly string[] {
    return this.layer(name).inputs.map((input) => this.below(input));
  }
}

/** What a layer is without its names; a blob only as being there. */
function fieldsOf(layer: Layer): Fields {
  const fields: Record<string, Json> = {};
  const numbers = layer.kind === 'activation' ? activationNumbers(layer) : {};
  for (const [key, value] of Object.entries({ ...layer, ...numbers })) {
    if (key === 'name' || key === 'inputs' || value === undefined) continue;
    fields[key] = plain(value as Json);
  }
  return fields;
}

function plain(value: Json): Json {
  if (typeof value === 'number') return Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map((item: Json) => plain(item));
  return value !== null && typeof value === 'object' ? 'there' : value;
}

function firstDifference(a: Signatures, b: Signatures, wanted: string, found: string): string {
  if (wanted === 'data' || found === 'data') {
    return wanted === 'data'
      ? `its layer "${found}" stands where the input is read`
      : `it reads the input where "${wanted}" (${a.layer(wanted).kind}) is wanted`;
  }
  const [left, right] = [fieldsOf(a.layer(wanted)), fieldsOf(b.layer(found))];
  if (contentHash(left) !== contentHash(right)) {
    const keys = Object.keys({ ...left, ...right });
    const differing = keys.filter(
      (key) => contentHash(left[key] ?? null) !== contentHash(right[key] ?? null),
    );
    const [key = 'kind'] = differing.includes('kind') ? ['kind'] : differing;
    const text = (fields: Fields): string => JSON.stringify(fields[key] ?? 'none');
    return `its layer "${found}": found ${key} ${text(right)}, wanted ${text(left)} as "${wanted}"`;
  }
  const [inputs, others] = [a.inputs(wanted), b.inputs(found)];
  if (inputs.length !== others.length) {
    return `its layer "${found}" reads ${others.length} layers, wanted ${inputs.length} as "${wanted}"`;
  }
  const rest = [...others];
  const unmatched = inputs.filter((input) => {
    const at = rest.findIndex((each) => b.of(each) === a.of(input));
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return firstDifference(a, b, unmatched[0] as string, rest[0] as string);
}
