// Whether a network makes sense: names, order, shapes, numbers. Formats call it after parsing.
import { type FileIssue, ParseError, ShapeError } from '../base/errors.js';
import type { Layer, Network } from './network.js';
import { layerShapes } from './shapes.js';

/** Checks names, topological order, numbers and shapes for a task of `classes` classes.
 *  @throws ParseError with every problem found; `file` names the origin. */
export function checkNetwork(network: Network, classes: number, file = network.name): void {
  const messages = [...orderProblems(network), ...network.layers.flatMap(numberProblems)];
  if (network.layers.length === 0) messages.push('the network has no layers');
  else if (network.layers.at(-1)?.kind !== 'inner-product') {
    messages.push(`the last layer is a ${network.layers.at(-1)?.kind}, wanted an inner-product`);
  }
  // Shapes can be followed only through a graph that holds together.
  if (messages.length === 0) messages.push(...shapeProblems(network, classes));
  if (messages.length > 0) {
    throw new ParseError(messages.map((message): FileIssue => ({ file, message })));
  }
}

function orderProblems(network: Network): string[] {
  const problems: string[] = [];
  const all = new Set(network.layers.map((layer) => layer.name));
  const seen = new Set(['data']);
  for (const layer of network.layers) {
    if (seen.has(layer.name)) problems.push(`layer "${layer.name}": the name is used twice`);
    if (layer.inputs.length !== 1) {
      problems.push(`layer "${layer.name}": has ${layer.inputs.length} inputs, wanted 1`);
    }
    for (const input of layer.inputs) {
      if (seen.has(input)) continue;
      problems.push(
        all.has(input)
          ? `layer "${layer.name}": its input "${input}" comes after it, wanted topological order`
          : `layer "${layer.name}": its input "${input}" does not exist`,
      );
    }
    seen.add(layer.name);
  }
  return problems;
}

function numberProblems(layer: Layer): string[] {
  const problems: string[] = [];
  const want = (name: string, value: number, least: number): void => {
    if (!Number.isInteger(value) || value < least) {
      problems.push(
        `layer "${layer.name}": ${name} is ${value}, wanted an integer of at least ${least}`,
      );
    }
  };
  if (layer.kind === 'convolution' || layer.kind === 'max-pool') {
    want('kernel', layer.kernel, 1);
    want('stride', layer.stride, 1);
    want('pad', layer.pad, 0);
  }
  if (layer.kind === 'convolution') want('groups', layer.groups, 1);
  if ('outputs' in layer && layer.outputs !== 'classes') want('outputs', layer.outputs, 1);
  if (layer.kind === 'lrn' && layer.size % 2 !== 1) {
    problems.push(`layer "${layer.name}": size is ${layer.size}, wanted an odd number`);
  }
  if (layer.kind === 'dropout' && !(layer.ratio >= 0 && layer.ratio < 1)) {
    problems.push(`layer "${layer.name}": ratio is ${layer.ratio}, wanted 0 <= ratio < 1`);
  }
  return problems;
}

function shapeProblems(network: Network, classes: number): string[] {
  try {
    layerShapes(network, classes);
    return [];
  } catch (error) {
    if (error instanceof ShapeError) return [error.message];
    throw error;
  }
}
