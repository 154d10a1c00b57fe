// What segments are called: as people call the parts of a network, from the names of their layers.
import type { Network } from './network.js';

/** A segment before it has a name. */
export interface Unnamed {
  /** Names of its weight layers, at least one. */
  readonly weightLayers: readonly string[];
  /** Name of the layer whose output crosses at its end. */
  readonly end: string;
}

/** A name for each segment, all different. One weight layer: its name ("conv1"). Several: the
 *  module that holds them all ("layer1.0" of layer1.0.conv1 and layer1.0.conv2; in Caffe's names
 *  "fire2" of fire2/a and fire2/b, "res2a" of res2a_branch1 and res2a_branch2a), or else the one
 *  that holds its end; the end's own name where that is nobody's or another's too. */
export function segmentNames(
  segments: readonly Unnamed[],
  { name: network }: Pick<Network, 'name'>,
): readonly string[] {
  const wanted = segments.map(({ weightLayers, end }) =>
    weightLayers.length === 1 ? (weightLayers[0] as string) : moduleOf(weightLayers, end, network),
  );
  return segments.map(({ end }, at) => {
    const name = wanted[at] as string;
    return wanted.indexOf(name) === wanted.lastIndexOf(name) ? name : end;
  });
}

function moduleOf(weightLayers: readonly string[], end: string, network: string): string {
  const shared = commonModule(weightLayers);
  if (shared !== '' && shared !== network) return shared;
  const parent = end.split('.').slice(0, -1).join('.');
  return parent === '' || parent === network ? end : parent;
}

function commonModule(names: readonly string[]): string {
  const [first = ''] = names;
  const length = [...first].findIndex((_, at) => names.some((name) => name[at] !== first[at]));
  const shared = length === -1 ? first : first.slice(0, length);
  // Modules are written with dots; where there are none, as in Caffe, people write paths or words.
  const hasDots = names.some((name) => name.includes('.'));
  const end = hasDots
    ? shared.lastIndexOf('.')
    : Math.max(shared.lastIndexOf('/'), shared.lastIndexOf('_'));
  return shared.slice(0, Math.max(end, 0));
}
