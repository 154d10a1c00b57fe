// One table of the plan: treatments by n.
import type { StudyStore } from '../state/study-store.js';
import type { GridCell, GridRow, GridTable } from './arrange.js';
import { Cell } from './cell.js';

/** What a table is drawn from; `at` is its place among the tables of the page. */
interface Props {
  readonly store: StudyStore;
  readonly table: GridTable;
  readonly at: number;
}

/** The table. It is drawn once: cells change by themselves. */
export function PlanTable({ store, table, at }: Props) {
  const id = `plan-${at}`;
  return (
    <section class="plan-table">
      <h3 id={id}>{table.title}</h3>
      <div class="scroll">
        <table role="grid" aria-labelledby={id} aria-multiselectable="true">
          <thead>
            <tr>
              <th scope="col" class="corner">
                n
              </th>
              {table.columns.map((n) => (
                <ColumnHead key={n} store={store} n={n} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, y) => (
              <Row key={`${row.treatment} ${row.source ?? ''}`} store={store} row={row} y={y} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ColumnHead({ store, n }: { readonly store: StudyStore; readonly n: number }) {
  const name = store.plan.value?.cutNames[n - 1];
  const isNamed = name !== undefined && name !== '' && name !== String(n);
  const words = n === 0 ? 'nothing copied' : isNamed ? `cut after ${name}` : `${n} layers copied`;
  return (
    <th scope="col" title={words}>
      {n}
    </th>
  );
}

function Row({
  store,
  row,
  y,
}: {
  readonly store: StudyStore;
  readonly row: GridRow;
  readonly y: number;
}) {
  const facts = store.plan.value?.treatments.find(({ name }) => name === row.treatment);
  return (
    <tr>
      <th scope="row" title={facts?.description}>
        {row.treatment}
        {row.source === null || row.source === '' ? '' : ` from ${row.source}`}
      </th>
      {row.cells.map((cell, x) => (
        <td key={cell.n} data-row={y} data-column={x}>
          <Networks store={store} cell={cell} />
        </td>
      ))}
    </tr>
  );
}

function Networks({ store, cell }: { readonly store: StudyStore; readonly cell: GridCell }) {
  return (
    <>
      {cell.names.map((name) => (
        <Cell key={name} store={store} name={name} />
      ))}
    </>
  );
}
