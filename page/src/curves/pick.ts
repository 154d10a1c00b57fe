// Which curves are drawn: those that were chosen, or, if none were, those that tell most.
import type { NetworkState } from '../../../src/dashboard/api.js';

/** Curves that one chart has at most: more are a tangle that nobody reads. */
export const mostCurves = 40;

/** Curves that are shown if none were chosen. */
const mostByDefault = 8;

/** Names of the networks whose curves are drawn: of those chosen the first ones; of none those at
 *  work, then bases, that have been tested. */
export function pickCurves(
  networks: readonly NetworkState[],
  chosen: ReadonlySet<string>,
): readonly string[] {
  if (chosen.size > 0) {
    return networks
      .filter(({ name }) => chosen.has(name))
      .map(({ name }) => name)
      .slice(0, mostCurves);
  }
  const tested = networks.filter(({ accuracy }) => accuracy !== null);
  const running = tested.filter(({ state }) => state === 'running');
  const bases = tested.filter((each) => each.treatment === 'base' && each.state !== 'running');
  return [...running, ...bases].slice(0, mostByDefault).map(({ name }) => name);
}
