// The folders of an archive, from the paths in it.
import { inByteOrder } from '../classes/byte-order.js';
import { hasImageName } from '../images/image-format.js';
import type { Tree } from './arrange.js';

class Folder implements Tree {
  readonly #children = new Map<string, Folder>();
  hasFiles = false;

  get folders(): readonly string[] {
    return inByteOrder([...this.#children.keys()]);
  }

  child(name: string): Folder {
    let child = this.#children.get(name);
    if (child === undefined) this.#children.set(name, (child = new Folder()));
    return child;
  }
}

/** The folders in which files of these paths lie; a path that ends with "/" is a folder. */
export function treeOfPaths(paths: Iterable<string>): Tree {
  const root = new Folder();
  for (const path of paths) {
    const steps = path.split('/');
    const name = steps.pop();
    const folder = steps.reduce((at, step) => at.child(step), root);
    if (name !== undefined && hasImageName(name)) folder.hasFiles = true;
  }
  return root;
}
