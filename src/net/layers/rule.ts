// What every kind of layer must define: its inputs, its blobs, what can be wrong with it, and how
// it becomes ops. Shapes, parameters, arithmetic and bytes of a network all follow from these.
import type { Json } from '../../base/canonical-json.js';
import type { Emitter } from '../../program/ops/rule.js';
import type { ValueId } from '../../program/types.js';
import type { Shape } from '../../tensor/tensor.js';
import type { BlobSpec } from './blob.js';

/** What all layers have. */
export interface LayerBase {
  readonly kind: string;
  readonly name: string;
  /** Names of the layers whose outputs this one reads; `data` is the network's input. */
  readonly inputs: readonly string[];
}

/** Whether a program trains or tests; dropout is active in training only. */
export type Mode = 'train' | 'test';

/** Where a layer is lowered. */
export interface LowerContext {
  readonly emitter: Emitter;
  readonly mode: Mode;
  /** True if none of the layer's blobs may change: a layer with statistics then uses those it has.
   *  Dropout stays active, as in the original study. */
  readonly isFrozen: boolean;
  /** Name of the network's dropout stream; a layer appends its own name. */
  readonly dropoutStream: readonly Json[];
  /** Declares what a statistic is after the iteration; only in training, never if frozen. */
  readonly setStatistic: (blob: string, next: ValueId) => void;
}

/** The rule of one kind of layer. */
export interface LayerRule<L extends LayerBase> {
  /** How many inputs it reads, at least and at most. */
  readonly inputs: readonly [least: number, most: number];
  /** Whether n counts it, so that a network can be cut after it. */
  readonly isWeightLayer: boolean;
  /** Its blobs in the order in which weight files and programs have them.
   *  @param inputs shapes [N,...] of its inputs   @param classes classes of the target task
   *  @throws ShapeError if they do not fit */
  readonly blobs: (layer: L, inputs: readonly Shape[], classes: number) => readonly BlobSpec[];
  /** What is wrong with the layer's numbers, whatever its inputs are: half a sentence each. */
  readonly problems: (layer: L) => readonly string[];
  /** Emits the layer's ops. @param blobs values of its blobs, in the order of `blobs`
   *  @returns its output, [N,...]   @throws ShapeError, OpParamError if its inputs do not fit */
  readonly lower: (
    context: LowerContext,
    layer: L,
    inputs: readonly ValueId[],
    blobs: readonly ValueId[],
  ) => ValueId;
}
