// What is chosen for comparison, at the foot of the window, with the way to its curves.
import type { StudyStore } from '../state/study-store.js';
import { studyHash } from '../state/routes.js';
import { counted } from '../words/numbers.js';

/** The bar; nothing while no network is chosen. */
export function ComparisonBar({ store }: { readonly store: StudyStore }) {
  const chosen = [...store.selected.value];
  if (chosen.length === 0) return null;
  return (
    <aside class="comparison" aria-label="Comparison">
      <span role="status">{counted(chosen.length, 'network')} chosen</span>
      <a class="button primary" href={studyHash(store.id, 'curves', chosen)}>
        Compare curves
      </a>
      <button type="button" onClick={() => (store.selected.value = new Set())}>
        Choose none
      </button>
    </aside>
  );
}
