// A Caffe network file (prototxt) as a network, and what it says of the experiment it is from.
import type { FileIssue } from '../../../base/errors.js';
import { checkNetwork } from '../../check.js';
import { isWeightLayer, type Network, type WeightLayer, weightLayers } from '../../network.js';
import { type CaffeLayer, caffeLayers } from './caffe-layers.js';
import { connect } from './connect.js';
import { type ImageDefaults, readImages, type SaidOfImages } from './data-layer.js';
import { Fields } from './fields.js';
import { Issues } from './issues.js';
import { neededLayers } from './needed-layers.js';
import { type NetState, stateOf } from './net-state.js';
import { classLayer } from './open-classes.js';
import { parseTextFormat } from './text-format.js';

/** What the layers that are frozen (blobs_lr 0) and those that are new (`-new`) say of a network of
 *  the original study. */
export interface OriginalRole {
  /** base: all learn. random: the first n frozen, none renamed. frozen, fine-tuned: the first n
   *  keep their names and so are copied. preserved: n frozen, the next copied too but learning.
   *  other: no such pattern. */
  readonly kind: 'base' | 'random' | 'frozen' | 'fine-tuned' | 'preserved' | 'other';
  /** Layers 1..n are copied or frozen; 0 for base. */
  readonly n: number;
}

/** A network file that was read: the network, and what the file says of its images. */
export interface CaffeNetwork extends SaidOfImages {
  /** The layer that makes its classes has `outputs: 'classes'`. Frozen layers have multipliers
   *  0. */
  readonly network: Network;
  /** Outputs of that layer as written; null if not said. */
  readonly outputs: number | null;
  /** Names of layers whose weights do not learn. */
  readonly frozen: readonly string[];
  readonly role: OriginalRole;
  /** Batch norm -> the Scale layer of the file that became its weight and bias. */
  readonly scales: ReadonlyMap<string, string>;
  /** What of the file is read differently or not at all. */
  readonly remarks: readonly FileIssue[];
}

/** Reads the network that a file has in training (phase TRAIN), in any of Caffe's syntaxes. `file`
 *  is named in errors.
 *  @param defaults what to take where the file does not say it
 *  @throws ParseError with line and column of all that is not such a network or that Selffer does
 *  not have */
export function readCaffeNetwork(
  text: string,
  file: string,
  defaults: ImageDefaults = {},
): CaffeNetwork {
  const issues = new Issues(file);
  const fields = new Fields(parseTextFormat(text, file), issues);
  const inputs = fields.all('input').flatMap(({ value }) => ('text' in value ? [value.text] : []));
  const needed = neededLayers(layersOf(fields, inputs, issues), inputs, issues);
  const name = fields.text('name') ?? 'caffe';
  const start = { line: 1, column: 1 };
  if (needed.layers.length === 0) issues.add(start, 'the network has no layers that learn classes');
  const { input, said } = readImages(
    fields,
    needed.images ?? { layer: null, index: 0 },
    needed.images === null ? { size: 1 } : defaults,
    issues,
  );
  const { layers, output, scales } = connect(needed, input, issues);
  fields.all('input_dim', 'input_shape', 'force_backward', 'debug_info');
  fields.rejectOthers('the network');
  issues.throwIfAny();
  const ofClasses = classLayer(layers, output);
  const outputs = typeof ofClasses?.outputs === 'number' ? ofClasses.outputs : null;
  const network: Network = {
    name,
    input,
    output,
    layers: layers.map((layer) =>
      layer === ofClasses ? { ...ofClasses, outputs: 'classes' } : layer,
    ),
  };
  checkNetwork(network, Math.max(outputs ?? 1, 1), file);
  remarkOnWhole(network, ofClasses, issues);
  const frozen = layers.filter(isWeightLayer).filter(isFrozen);
  return {
    network,
    outputs,
    frozen: frozen.map((layer) => layer.name),
    role: roleOf(weightLayers(network)),
    scales,
    ...said,
    remarks: issues.remarks,
  };
}

// With less the statistics are still half their first values after dozens of iterations.
const SLOW_MOMENTUM = 0.01;

/** What is said of a network as a whole. */
function remarkOnWhole(
  { layers, output }: Network,
  ofClasses: WeightLayer | null,
  issues: Issues,
): void {
  const start = { line: 1, column: 1 };
  if (ofClasses === null) {
    issues.remark(
      start,
      `the number of classes is that of the file: more than one layer makes the output "${output}"`,
    );
  }
  const slowest = Math.min(
    ...layers.map((layer) => (layer.kind === 'batch-norm' ? layer.momentum : 1)),
  );
  if (slowest < SLOW_MOMENTUM) {
    const fraction = Number((1 - slowest).toPrecision(12));
    issues.remark(
      start,
      `moving_average_fraction ${fraction}: running means and variances begin at 0 and 1, which Caffe divides out, and follow after some ${Math.round(5 / slowest)} iterations; to train for fewer write a smaller one, 0.9 say`,
    );
  }
}

/** The layers of the network in training. DIGITS gives the data layers a stage of their own,
 *  without which there is no input. */
function layersOf(
  fields: Fields,
  inputs: readonly string[],
  issues: Issues,
): readonly CaffeLayer[] {
  const state = stateOf(fields);
  const read = (as: NetState, to: Issues) => caffeLayers(fields, as, to);
  const hasInput = (layers: readonly CaffeLayer[]): boolean =>
    inputs.length > 0 || layers.some(({ kind }) => kind === 'data');
  const staged = { ...state, stages: [...state.stages, 'train'] };
  const trial = new Issues('');
  if (hasInput(read(state, trial)) || !hasInput(read(staged, trial))) return read(state, issues);
  issues.remark(
    { line: 1, column: 1 },
    'read with the stage "train", without which the network has no input',
  );
  return read(staged, issues);
}

// Biases alone do not make features.
function isFrozen({ weight }: WeightLayer): boolean {
  return weight.lrMult === 0;
}

function roleOf(layers: readonly WeightLayer[]): OriginalRole {
  const learning = layers.findIndex((layer) => !isFrozen(layer));
  const fresh = layers.findIndex(({ name }) => name.endsWith('-new'));
  const frozen = learning === -1 ? layers.length : learning;
  const kept = fresh === -1 ? layers.length : fresh;
  const isPattern =
    layers.slice(frozen).every((layer) => !isFrozen(layer)) &&
    layers.slice(kept).every(({ name }) => name.endsWith('-new'));
  if (!isPattern || frozen > kept) return { kind: 'other', n: 0 };
  if (fresh === -1) return { kind: frozen === 0 ? 'base' : 'random', n: frozen };
  if (frozen === 0) return { kind: 'fine-tuned', n: kept };
  return { kind: frozen === kept ? 'frozen' : 'preserved', n: frozen };
}
