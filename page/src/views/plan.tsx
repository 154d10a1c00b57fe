// The plan of a study: filter, legend and the grid.
import { useSignal } from '@preact/signals';
import type { StudyStore } from '../state/study-store.js';
import { Legend } from '../grid/legend.js';
import { PlanGrid } from '../grid/plan-grid.js';
import { ComparisonBar } from '../parts/comparison-bar.js';
import { FilterBar } from '../parts/filter-bar.js';
import { Folded } from '../parts/folded.js';
import { Empty } from '../parts/notices.js';

/** The part "Plan". */
export function PlanTab({ store }: { readonly store: StudyStore }) {
  const isChoosing = useSignal(false);
  if (store.plan.value?.names.length === 0) return <Empty>This study plans no networks.</Empty>;
  return (
    <>
      <h2 class="hidden">Plan</h2>
      <FilterBar store={store} />
      <div class="tools">
        <Numbers store={store} />
        <button
          type="button"
          aria-pressed={isChoosing.value}
          onClick={() => (isChoosing.value = !isChoosing.value)}
        >
          Choose for comparison
        </button>
        <p class="muted">
          {isChoosing.value
            ? 'Click networks to compare their curves.'
            : 'Arrow keys move, Enter opens, Space chooses for comparison.'}
        </p>
      </div>
      <Folded words="What colours and shapes mean">
        <Legend store={store} />
      </Folded>
      <PlanGrid store={store} isChoosing={isChoosing.value} />
      <ComparisonBar store={store} />
    </>
  );
}

function Numbers({ store }: { readonly store: StudyStore }) {
  const options = [
    ['accuracy', 'accuracy, %'],
    ['difference', 'difference from base, Pt'],
  ] as const;
  return (
    <label>
      Numbers{' '}
      <select
        value={store.show.value}
        onChange={({ currentTarget }) => {
          store.show.value = currentTarget.value === 'difference' ? 'difference' : 'accuracy';
        }}
      >
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
