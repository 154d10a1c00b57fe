// What layers are called: as in the program that the file was exported from, where it says so.
import type { Constant } from './constant.js';
import type { Node } from './graph.js';

/** Path of the module that a node is in: "layer1.1.relu". Exporters repeat what is above:
 *  "layer1", "layer1.1". */
export function modulePath({ scopes }: Pick<Node, 'scopes'>): string {
  const parts: string[] = [];
  for (const scope of scopes) {
    if (parts.length > 0 && scope.startsWith(`${parts.at(-1)}.`)) parts.pop();
    parts.push(scope);
  }
  return parts.join('.');
}

/** Name of a layer by the tensor that it owns: "layer1.0.conv1" for "layer1.0.conv1.weight"; null
 *  for names that an exporter made up. */
export function ownerOf(constant: Constant | null): string | null {
  const name = constant?.stored ?? '';
  const owner = name.replace(/\.(weight|bias|scale)$/, '');
  return owner !== name && /^[\w.]+$/.test(owner) ? owner : null;
}

/** Name of a parameter that stands for itself: "pos_embed"; null for names that an exporter made
 *  up. */
export function parameterName(constant: Constant | null): string | null {
  const name = constant?.stored ?? '';
  return /^[a-z_]\w*(\.\w+)*$/i.test(name) && !/^(val|const|tensor|node|onnx)_?\w*\d$/i.test(name)
    ? name
    : null;
}

/** The names of a network's layers, each given once. */
export class LayerNames {
  readonly #taken = new Set(['data']);

  /** `wanted`, or the first of wanted_2, wanted_3, ... that is free. */
  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
