// How far a study is: a bar and its words.
import type { StudyStore } from '../state/study-store.js';

/** The bar. */
export function ProgressBar({ store }: { readonly store: StudyStore }) {
  const { fraction } = store.tally.value;
  // Not 100 % before all is.
  const share = fraction >= 1 ? 100 : Math.min(99.9, 100 * fraction);
  const words = `${share.toFixed(share < 10 || (share > 99 && share < 100) ? 1 : 0)} % of all iterations`;
  return (
    <div class="progress">
      <progress max={100} value={share} aria-label={`Progress of ${store.plan.value?.name ?? ''}`}>
        {words}
      </progress>
      <span>{words}</span>
    </div>
  );
}
