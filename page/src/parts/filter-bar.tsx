// The filter: by name, treatment and state.
import type { StudyStore } from '../state/study-store.js';
import { Folded } from './folded.js';
import { isEmpty, noFilter } from '../state/filter.js';
import { counted } from '../words/numbers.js';
import { stateNames } from '../words/network-words.js';

/** Fields of the filter, and how many networks it leaves. */
export function FilterBar({ store }: { readonly store: StudyStore }) {
  return (
    <Folded words={isEmpty(store.filter.value) ? 'Filter' : 'Filter (on)'}>
      <Fields store={store} />
    </Folded>
  );
}

function Fields({ store }: { readonly store: StudyStore }) {
  const { pattern, treatments, states } = store.filter.value;
  const matches = store.matches.value;
  const left = store.all().filter(matches).length;
  const { counts } = store.tally.value;
  return (
    <form
      class="filter"
      role="search"
      aria-label="Filter networks"
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        Name{' '}
        <input
          type="search"
          value={pattern}
          placeholder="A3B or split0/*+"
          onInput={({ currentTarget }) => {
            store.filter.value = { ...store.filter.peek(), pattern: currentTarget.value };
          }}
        />
      </label>
      <Choices
        legend="Treatment"
        names={(store.plan.value?.treatments ?? []).map(({ name }) => name)}
        chosen={treatments}
        onChange={(next) => (store.filter.value = { ...store.filter.peek(), treatments: next })}
      />
      <Choices
        legend="State"
        names={stateNames.filter((name) => counts[name] > 0 || states.has(name))}
        chosen={states}
        onChange={(next) => (store.filter.value = { ...store.filter.peek(), states: next })}
      />
      <p role="status">{isEmpty(store.filter.value) ? '' : counted(left, 'network')}</p>
      {!isEmpty(store.filter.value) && (
        <button type="button" onClick={() => (store.filter.value = noFilter)}>
          Show all
        </button>
      )}
    </form>
  );
}

function Choices<T extends string>({
  legend,
  names,
  chosen,
  onChange,
}: {
  readonly legend: string;
  readonly names: readonly T[];
  readonly chosen: ReadonlySet<T>;
  readonly onChange: (chosen: ReadonlySet<T>) => void;
}) {
  const flip = (name: T): void => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name} class={chosen.has(name) ? 'on' : ''}>
          <input type="checkbox" checked={chosen.has(name)} onChange={() => flip(name)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
