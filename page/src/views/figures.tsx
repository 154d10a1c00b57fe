// The figures of a study, filling in as networks end.
import type { StudyStore } from '../state/study-store.js';
import { FiguresOf } from '../parts/figures-of.js';

/** The part "Figures". */
export function FiguresTab({ store }: { readonly store: StudyStore }) {
  return (
    <>
      <h2 class="hidden">Figures</h2>
      <FiguresOf store={store} />
    </>
  );
}
