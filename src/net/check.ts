// Whether a network makes sense: names, order, numbers, shapes. Formats call it after parsing.
import { type FileIssue, ParseError, ShapeError } from '../base/errors.js';
import { factsOf } from './facts.js';
import { wrongIntegers } from '../base/wrong-integers.js';
import type { LayerRule } from './layers/rule.js';
import { type Layer, layerRules } from './layers/table.js';
import { type Network, type NetworkInput, outputLayer } from './network.js';

/** Checks names, topological order, numbers and shapes for a task of `classes` classes.
 *  @param file names the origin
 *  @throws ParseError with every problem found */
export function checkNetwork(network: Network, classes: number, file = network.name): void {
  const messages = [
    ...formProblems(network.input),
    ...network.layers.flatMap(inputProblems),
    ...orderProblems(network),
    ...network.layers.flatMap(numberProblems),
  ];
  // The output and shapes can be followed only through a graph that holds together.
  if (messages.length === 0) messages.push(...outputProblems(network));
  if (messages.length === 0) messages.push(...shapeProblems(network, classes));
  if (messages.length > 0) {
    throw new ParseError(messages.map((message): FileIssue => ({ file, message })));
  }
}

function formProblems({ channels, height, width, scale, mean }: NetworkInput): readonly string[] {
  const means = mean === 'image' ? [] : mean;
  return [
    ...wrongIntegers('channels', channels, 1),
    ...wrongIntegers('input size', [height, width], 1),
    ...(scale.length === 1 || scale.length === channels
      ? []
      : [`scale has ${scale.length} numbers, wanted 1 or ${channels}`]),
    ...(mean === 'image' || means.length === channels
      ? []
      : [`mean has ${means.length} numbers, wanted ${channels}`]),
  ].map((problem) => `the input: ${problem}`);
}

function inputProblems(layer: Layer): readonly string[] {
  const [least, most] = layerRules[layer.kind].inputs;
  const count = layer.inputs.length;
  if (count >= least && count <= most) return [];
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  return [`layer "${layer.name}": has ${count} inputs, wanted ${wanted}`];
}

function orderProblems(network: Network): readonly string[] {
  const problems: string[] = [];
  const all = new Set(network.layers.map((layer) => layer.name));
  const seen = new Set(['data']);
  for (const layer of network.layers) {
    if (seen.has(layer.name)) problems.push(`layer "${layer.name}": the name is used twice`);
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

function numberProblems(layer: Layer): readonly string[] {
  const rule = layerRules[layer.kind] as LayerRule<Layer>;
  return rule.problems(layer).map((problem) => `layer "${layer.name}": ${problem}`);
}

/** The output must exist, and every layer must be needed by it: what nobody reads is neither
 *  trained nor copied, and would be shown as if it were. */
function outputProblems(network: Network): readonly string[] {
  if (network.layers.length === 0) return ['the network has no layers'];
  if (outputLayer(network) === undefined) return [`no layer is named "${network.output}"`];
  const needed = new Set([network.output]);
  const unread: string[] = [];
  for (const layer of network.layers.toReversed()) {
    if (needed.has(layer.name)) layer.inputs.forEach((input) => needed.add(input));
    else unread.push(`layer "${layer.name}": the output "${network.output}" does not need it`);
  }
  return unread.reverse();
}

function shapeProblems(network: Network, classes: number): readonly string[] {
  try {
    const { shape = [] } = factsOf(network, classes).get(network.output) ?? {};
    if (shape.length === 1) return [];
    return [
      `the output "${network.output}" has the shape [${shape.join(',')}] for an image, wanted one number a class`,
    ];
  } catch (error) {
    if (error instanceof ShapeError) return [error.message];
    throw error;
  }
}
