// The words of the cell under the pointer or the focus, beside it. Screen readers have the same
// words as the cell's name.
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { StudyStore } from '../state/study-store.js';
import { ownName, standing } from '../words/network-words.js';

/** What is shown, and where; null for nothing. */
interface Shown {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly store: StudyStore;
}

/** Where the tooltip is, and what an element must hear for it. */
export interface TooltipParts {
  readonly state: ReadonlySignal<Shown | null>;
  readonly hide: () => void;
  readonly handlers: {
    readonly onPointerOver: (event: Event) => void;
    readonly onPointerLeave: () => void;
    readonly onFocusIn: (event: Event) => void;
    readonly onFocusOut: () => void;
  };
}

/** Width that a tooltip takes at most, px. */
const widest = 300;

/** A tooltip for the cells of a study. */
export function useTooltip(store: StudyStore): TooltipParts {
  const state = useSignal<Shown | null>(null);
  const show = (event: Event): void => {
    const cell = event.target instanceof Element ? event.target.closest('.cell') : null;
    const name = cell instanceof HTMLElement ? cell.dataset['name'] : undefined;
    if (cell === null || name === undefined) {
      state.value = null;
      return;
    }
    const box = cell.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, window.innerWidth - widest - 8));
    state.value = { name, left, top: box.bottom + 6, store };
  };
  const hide = (): void => {
    state.value = null;
  };
  const handlers = {
    onPointerOver: show,
    onPointerLeave: hide,
    onFocusIn: show,
    onFocusOut: hide,
  };
  return { state, hide, handlers };
}

/** The tooltip itself. */
export function Tooltip({ state }: { readonly state: ReadonlySignal<Shown | null> }) {
  const shown = state.value;
  const network = shown?.store.network(shown.name)?.value;
  if (shown === null || network === undefined) return null;
  const { treatments } = shown.store.plan.value ?? { treatments: [] };
  const treatment = treatments.find(({ name }) => name === network.treatment);
  return (
    <div
      class="tooltip"
      aria-hidden="true"
      style={{ left: `${shown.left}px`, top: `${shown.top}px` }}
    >
      <strong>{ownName(network)}</strong> <span class="muted">{network.split}</span>
      <p>{standing(network)}</p>
      {treatment && <p class="muted">{treatment.label}</p>}
    </div>
  );
}
