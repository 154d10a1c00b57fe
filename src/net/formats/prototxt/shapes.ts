// Shapes of what has been converted so far, by the layers' own rules.
import { OpParamError, ShapeError } from '../../../base/errors.js';
import { ProgramBuilder } from '../../../program/builder.js';
import type { ValueId } from '../../../program/types.js';
import type { Shape } from '../../../tensor/tensor.js';
import type { LayerRule } from '../../layers/rule.js';
import { type Layer, layerRules } from '../../layers/table.js';
import type { NetworkInput } from '../../network.js';

/** Follows the shapes of a network while it is made, layer by layer. */
export class Shapes {
  readonly #builder = new ProgramBuilder();
  readonly #values = new Map<string, ValueId>();

  constructor({ channels, height, width }: Pick<NetworkInput, 'channels' | 'height' | 'width'>) {
    const shape = [1, channels, height, width];
    this.#values.set('data', this.#builder.feed('data', { dtype: 'f32', shape }));
  }

  /** The output of a layer for one image; null where something below it is wrong, which
   *  `checkNetwork` says. */
  of(layer: string): Shape | null {
    const value = this.#values.get(layer);
    return value === undefined ? null : this.#builder.typeOf(value).shape.slice(1);
  }

  /** Follows one more layer. */
  add(layer: Layer): void {
    const inputs = layer.inputs.map((name) => this.#values.get(name));
    const rule = layerRules[layer.kind] as LayerRule<Layer>;
    const isReady = inputs.every((input) => input !== undefined);
    if (!isReady || rule.problems(layer).length > 0) return;
    try {
      this.#values.set(layer.name, this.#lower(layer, rule, inputs));
    } catch (error) {
      if (!(error instanceof ShapeError || error instanceof OpParamError)) throw error;
    }
  }

  #lower(layer: Layer, rule: LayerRule<Layer>, inputs: readonly ValueId[]): ValueId {
    const builder = this.#builder;
    const shapes = inputs.map((input) => builder.typeOf(input).shape);
    // How many classes there are changes no shape before the last weight layer.
    const blobs = rule
      .blobs(layer, shapes, 1)
      .map(({ name, shape }) => builder.slot(`${layer.name}.${name}`, { dtype: 'f32', shape }));
    return rule.lower(
      {
        emitter: builder,
        mode: 'test',
        isFrozen: true,
        dropoutStream: [],
        setStatistic: () => {},
      },
      layer,
      inputs,
      blobs,
    );
  }
}
