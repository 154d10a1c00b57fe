// Filters of the first layer of bases, as pictures.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { askNetwork, filtersUrl } from '../state/api-client.js';
import { networkHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { Empty } from '../parts/notices.js';

/** Pictures at once. */
const most = 12;

/** The part "Filters". */
export function FiltersTab({ store }: { readonly store: StudyStore }) {
  const bases = store
    .all()
    .filter(({ treatment, state }) => treatment === 'base' && state === 'done')
    .slice(0, most)
    .map(({ name }) => name);
  const shown = useSignal<readonly string[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void Promise.all(bases.map((name) => hasFilters(store.id, name))).then((has) => {
      if (isCurrent) shown.value = bases.filter((_, i) => has[i]);
    });
    return () => {
      isCurrent = false;
    };
  }, [bases.join()]);
  return (
    <>
      <h2 class="hidden">Filters of layer 1</h2>
      {shown.value === null && <p class="muted">Loading{'\u2026'}</p>}
      {shown.value?.length === 0 && (
        <Empty>
          No base with kept weights has ended yet, or its first layer is not a convolution.
        </Empty>
      )}
      {shown.value !== null && shown.value.length > 0 && (
        <>
          <p class="muted">
            Filters of the first layer of bases: each is stretched from its least weight (black) to
            its greatest (white or full colour).
          </p>
          <div class="filters">
            {shown.value.map((name) => (
              <figure key={name}>
                <img src={filtersUrl(store.id, name)} alt={`Filters of layer 1 of ${name}`} />
                <figcaption>
                  <a href={networkHash(store.id, name)}>{name}</a>
                </figcaption>
              </figure>
            ))}
          </div>
        </>
      )}
    </>
  );
}

async function hasFilters(id: string, name: string): Promise<boolean> {
  const asked = await askNetwork(id, name);
  return 'value' in asked && asked.value.filters;
}
