// What a user should know of a network that was read from an ONNX file, above all where its batch
// norm has gone: trained from random weights without it, it would be another network.
import type { Graph, Node } from './graph.js';
import type { Layer } from '../../layers/table.js';

const KEEP =
  'torch.onnx.export(model, x, "file.onnx", dynamo=True, optimize=False), or dynamo=False with do_constant_folding=False';

/** What the notes are about. */
export interface Noted {
  readonly graph: Graph;
  /** Nodes before they were simplified. */
  readonly nodes: readonly Node[];
  readonly layers: readonly Layer[];
  readonly producer: string;
}

/** Sentences about a network that was read. */
export function notesOn({ graph, nodes, layers, producer }: Noted): readonly string[] {
  const notes = [...batchNormNotes(layers, nodes, producer)];
  const training = nodes.filter(({ attributes }) => attributes.get('training_mode') === 1);
  if (training.length > 0) {
    notes.push(
      `${training.length} nodes were exported in training mode, which is not taken: studies say what trains`,
    );
  }
  const masks = layers.filter((layer) => layer.kind === 'affine' && layer.bias?.lrMult === 0);
  if (masks.length > 0) {
    notes.push(
      `${masks.length} masks (${masks[0]?.name}, ...) are part of the network: they are never learned, and right only with the weights of the file`,
    );
  }
  if (graph.outputs.length > 1) {
    notes.push(
      `of its ${graph.outputs.length} outputs the first, ${graph.outputs[0]}, is taken for the classes`,
    );
  }
  return notes;
}

function batchNormNotes(
  layers: readonly Layer[],
  nodes: readonly Node[],
  producer: string,
): readonly string[] {
  const count = layers.filter(({ kind }) => kind === 'batch-norm').length;
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const below = (layer: Layer): Layer | undefined => byName.get(layer.inputs[0] ?? '');
  const spelled = layers.filter(
    (layer) =>
      layer.kind === 'affine' && layer.weight !== null && below(layer)?.kind === 'convolution',
  );
  const convolutions = layers.filter((layer) => layer.kind === 'convolution');
  const normed = new Set(
    layers.filter(({ kind }) => /-norm$/.test(kind)).map(({ inputs }) => inputs[0]),
  );
  const folded = convolutions.filter(({ name, bias }) => bias !== null && !normed.has(name));
  if (spelled.length > 0) {
    return [
      `its batch norm is written as arithmetic with fixed numbers after ${spelled.length} convolutions (${spelled[0]?.name}, ...): it is read as affine layers, so its statistics never change; from random weights the network trains without normalisation`,
    ];
  }
  // Batch norm that the exporter folded leaves a bias in nearly every convolution.
  const isFolded =
    /pytorch/i.test(producer) &&
    folded.length > 1 &&
    folded.length >= 0.8 * convolutions.length &&
    nodes.some(
      ({ op }) => op === 'Relu' || op === 'Clip' || op === 'Sigmoid' || op === 'HardSwish',
    );
  if (!isFolded) return [];
  const rest = count === 0 ? 'it has no batch norm' : `it has ${count} batch norms`;
  return [
    `${folded.length} of its ${convolutions.length} convolutions have a bias and ${rest} after them: the exporter has folded batch norm into the convolutions, as PyTorch does unless told otherwise. Fine-tuned, that is batch norm with frozen statistics; from random weights the network trains without normalisation. To keep it, export with ${KEEP}`,
  ];
}
