// The plan of a study as tables of cells: where the keys, the pointer and the tooltip are heard
// once for all cells.
import { useMemo, useRef } from 'preact/hooks';
import type { StudyStore } from '../state/study-store.js';
import { arrange, type GridTable } from './arrange.js';
import { type Extents, nextPlace, type Place } from './keys.js';
import { PlanTable } from './grid-table.js';
import { Tooltip, useTooltip } from './tooltip.js';

/** All tables. A click opens a network; with Ctrl or Shift, or while choosing, it is chosen. */
export function PlanGrid({
  store,
  isChoosing,
}: {
  readonly store: StudyStore;
  readonly isChoosing: boolean;
}) {
  const root = useRef<HTMLDivElement>(null);
  const plan = store.plan.value;
  const tables = useMemo(() => tablesOf(store), [plan]);
  // The same elements as long as the plan is the same: nothing of them is compared again.
  const drawn = useMemo(
    () =>
      tables.map((table, at) => <PlanTable key={table.key} store={store} table={table} at={at} />),
    [tables],
  );
  const tooltip = useTooltip(store);
  const onClick = (event: MouseEvent): void => {
    const name = nameAt(event.target);
    if (name === null || !(isChoosing || event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    store.toggle(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const cell = cellAt(event.target);
    if (cell === null) return;
    if (event.key === ' ') store.toggle(cell.dataset['name'] ?? '');
    else if (event.key === 'Escape') tooltip.hide();
    else if (!move(root.current, cell, event.key, tables)) return;
    event.preventDefault();
  };
  return (
    <div
      class="plan"
      ref={(element) => {
        root.current = element;
        if (element !== null) openToTab(element);
      }}
      onClick={onClick}
      onKeyDown={onKeyDown}
      {...tooltip.handlers}
    >
      {drawn}
      <Tooltip state={tooltip.state} />
    </div>
  );
}

function tablesOf(store: StudyStore): readonly GridTable[] {
  const plan = store.plan.peek();
  const networks = (plan?.names ?? []).flatMap((name) => store.network(name)?.peek() ?? []);
  return arrange(networks, plan?.treatments ?? []);
}

// The Tab key stops once in each table: at its first cell until another one was stood on.
function openToTab(root: HTMLElement): void {
  for (const table of root.querySelectorAll('table')) {
    if (table.querySelector('.cell[tabindex="0"]') !== null) continue;
    table.querySelector('.cell')?.setAttribute('tabindex', '0');
  }
}

function cellAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
}

const nameAt = (target: EventTarget | null): string | null =>
  cellAt(target)?.dataset['name'] ?? null;

function move(
  root: HTMLElement | null,
  cell: HTMLElement,
  key: string,
  tables: readonly GridTable[],
): boolean {
  if (root === null) return false;
  // Several networks of one place: the next of them first.
  const beside = besideKey(cell, key);
  if (beside !== null) return stand(beside);
  const sections = [...root.querySelectorAll('table')];
  const td = cell.closest('td');
  const table = sections.findIndex((each) => each.contains(cell));
  const from = { table, row: Number(td?.dataset['row']), column: Number(td?.dataset['column']) };
  const extents: Extents = tables.map(({ rows, columns }) => ({
    rows: rows.length,
    columns: columns.length,
  }));
  const has = ({ table: at, row, column }: Place): boolean =>
    (tables[at]?.rows[row]?.cells[column]?.names.length ?? 0) > 0;
  const to = nextPlace(key, from, extents, has);
  if (to === null) return key.startsWith('Arrow');
  const selector = `td[data-row="${to.row}"][data-column="${to.column}"] .cell`;
  return stand(sections[to.table]?.querySelector<HTMLElement>(selector) ?? null);
}

function besideKey(cell: HTMLElement, key: string): HTMLElement | null {
  const beside =
    key === 'ArrowRight'
      ? cell.nextElementSibling
      : key === 'ArrowLeft'
        ? cell.previousElementSibling
        : null;
  return beside instanceof HTMLElement ? beside : null;
}

function stand(cell: HTMLElement | null): boolean {
  if (cell === null) return false;
  for (const other of cell.closest('table')?.querySelectorAll('.cell[tabindex="0"]') ?? []) {
    other.setAttribute('tabindex', '-1');
  }
  cell.setAttribute('tabindex', '0');
  cell.focus();
  cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return true;
}
