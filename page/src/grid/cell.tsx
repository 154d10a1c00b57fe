// One network in the plan: a link that changes by itself when its network does, without its table
// being drawn anew.
import { useComputed } from '@preact/signals';
import { networkHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { inWords, progressOf } from '../words/network-words.js';
import { cellClass, cellText } from './cell-look.js';

/** The link of a network; what it does on clicks and keys is its grid's matter. */
export function Cell({ store, name }: { readonly store: StudyStore; readonly name: string }) {
  const network = store.network(name);
  const className = useComputed(() => {
    if (network === undefined) return 'cell';
    const now = network.value;
    const isChosen = store.selected.value.has(name);
    return cellClass(now, store.stepPt.value, { isShown: store.matches.value(now), isChosen });
  });
  const text = useComputed(() => (network ? cellText(network.value, store.show.value) : ''));
  const words = useComputed(() => {
    if (network === undefined) return name;
    const isChosen = store.selected.value.has(name);
    return inWords(network.value) + (isChosen ? '; chosen for comparison' : '');
  });
  const progress = useComputed(() =>
    network?.value.state === 'running' ? `--progress:${progressOf(network.value)}` : '',
  );
  return (
    <a
      class={className}
      href={networkHash(store.id, name)}
      tabIndex={-1}
      data-name={name}
      aria-label={words}
      style={progress}
    >
      {text}
    </a>
  );
}
