// Networks as a list: what has failed or died comes first, with the reason and what to do.
import { useSignal } from '@preact/signals';
import type { NetworkState } from '../../../src/dashboard/api.js';
import { networkHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { ComparisonBar } from '../parts/comparison-bar.js';
import { FilterBar } from '../parts/filter-bar.js';
import { Empty } from '../parts/notices.js';
import { percent, points, whole } from '../words/numbers.js';
import { stateWords } from '../words/network-words.js';
import { type ColumnName, columnNames, columns, ordered } from './list-order.js';

/** Rows that are drawn at once: more are there on demand. */
const pageRows = 100;

/** The part "List". */
export function ListTab({ store }: { readonly store: StudyStore }) {
  const order = useSignal<{ column: ColumnName; isDescending: boolean }>({
    column: 'state',
    isDescending: false,
  });
  const rows = useSignal(pageRows);
  const matching = store.all().filter(store.matches.value);
  const networks = ordered(matching, order.value.column, order.value.isDescending);
  const sort = (column: ColumnName): void => {
    const isDescending = order.value.column === column && !order.value.isDescending;
    order.value = { column, isDescending };
  };
  return (
    <>
      <h2 class="hidden">List of networks</h2>
      <FilterBar store={store} />
      {networks.length === 0 ? (
        <Empty>No network is like that. Change the filter.</Empty>
      ) : (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">Compare</span>
              </th>
              {columnNames.map((column) => (
                <SortHead key={column} column={column} order={order.value} onSort={sort} />
              ))}
              <th scope="col">What to know</th>
            </tr>
          </thead>
          <tbody>
            {networks.slice(0, rows.value).map((network) => (
              <Row key={network.name} store={store} network={network} />
            ))}
          </tbody>
        </table>
      )}
      {networks.length > rows.value && (
        <button type="button" onClick={() => (rows.value += 5 * pageRows)}>
          Show more of {whole(networks.length)}
        </button>
      )}
      <ComparisonBar store={store} />
    </>
  );
}

function SortHead({
  column,
  order,
  onSort,
}: {
  readonly column: ColumnName;
  readonly order: { readonly column: ColumnName; readonly isDescending: boolean };
  readonly onSort: (column: ColumnName) => void;
}) {
  const isOrdered = order.column === column;
  const direction = order.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={isOrdered ? direction : 'none'}>
      <button type="button" class="sort" onClick={() => onSort(column)}>
        {columns[column].words}
        <span aria-hidden="true">
          {isOrdered ? (order.isDescending ? ' \u2193' : ' \u2191') : ''}
        </span>
      </button>
    </th>
  );
}

function Row({ store, network }: { readonly store: StudyStore; readonly network: NetworkState }) {
  const { name, treatment, n, state, accuracy, matchedPt, reason } = network;
  const { advice } = stateWords[state];
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${name}`}
          checked={store.selected.value.has(name)}
          onChange={() => store.toggle(name)}
        />
      </td>
      <th scope="row">
        <a href={networkHash(store.id, name)}>{name}</a>
      </th>
      <td data-label="Treatment">{treatment}</td>
      <td data-label="n">{n}</td>
      <td data-label="State">
        <span class={`state ${state}`}>{state}</span>
      </td>
      <td data-label="Accuracy">{percent(accuracy)}</td>
      <td data-label="From base">{treatment === 'base' ? '\u2013' : points(matchedPt)}</td>
      <td class="reason">
        {reason}
        {advice !== null && <span class="muted"> {advice}</span>}
        {state === 'running' && <Iterations network={network} />}
      </td>
    </tr>
  );
}

function Iterations({ network: { iteration, iterations } }: { readonly network: NetworkState }) {
  return (
    <span class="muted">
      {whole(iteration ?? 0)} of {whole(iterations)} iterations
    </span>
  );
}
