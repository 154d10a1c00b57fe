// Which networks of a run are not there as the study wants them.
import { plainName } from '../study/network-name.js';
import type { PlannedNetwork } from '../study/plan/plan.js';
import type { RunState } from '../study/store/run-state.js';

/** Networks that are neither done nor dead. One whose training ended with an error at one of
 *  several learning rates, as too high a rate makes it, or that goes on from such a one, is not
 *  among them if it is done at another: there it counts. */
export function unfinishedNetworks(
  networks: readonly PlannedNetwork[],
  states: ReadonlyMap<string, RunState>,
): readonly PlannedNetwork[] {
  const sameOf = (network: PlannedNetwork): string => `${network.folder}/${plainName(network)}`;
  const stateOf = ({ name }: PlannedNetwork): RunState | undefined => states.get(name);
  const done = new Set(
    networks.filter((network) => stateOf(network)?.state === 'done').map(sameOf),
  );
  return networks.filter((network) => {
    const { state, record = null } = stateOf(network) ?? {};
    if (state === 'done' || state === 'dead') return false;
    const hasFailed = state === 'missing' || (state === 'failed' && record !== null);
    return !(hasFailed && done.has(sameOf(network)));
  });
}
