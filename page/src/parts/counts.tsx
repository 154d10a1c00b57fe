// How many networks are in each state.
import type { StudyStore } from '../state/study-store.js';
import { whole } from '../words/numbers.js';
import { stateNames } from '../words/network-words.js';

/** "96 done, 4 running ..." as a list; states without a network are left out. */
export function Counts({ store }: { readonly store: StudyStore }) {
  const { counts, total } = store.tally.value;
  return (
    <ul class="counts" aria-label="Networks by state">
      <li>
        <strong>{whole(total)}</strong> networks
      </li>
      {stateNames
        .filter((name) => counts[name] > 0)
        .map((name) => (
          <li key={name} class={name}>
            <strong>{whole(counts[name])}</strong> {name}
          </li>
        ))}
    </ul>
  );
}
