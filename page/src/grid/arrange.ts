// The plan as tables: one for each split, repeat and target; rows are treatments, columns are n.
import type { NetworkState, StudyState } from '../../../src/dashboard/api.js';

/** Networks of one treatment, source and n: several where a study has several bases, rates or
 *  sizes. */
export interface GridCell {
  readonly n: number;
  readonly names: readonly string[];
}

/** A row: a treatment, and where the copied layers come from if a table has several sources. */
export interface GridRow {
  readonly treatment: string;
  /** Null where the treatment says it. */
  readonly source: string | null;
  /** One for each column of the table. */
  readonly cells: readonly GridCell[];
}

/** One table of the plan. */
export interface GridTable {
  /** Unlike that of every other table. */
  readonly key: string;
  /** "split0, target B". */
  readonly title: string;
  /** The values of n that have a network, in order. */
  readonly columns: readonly number[];
  readonly rows: readonly GridRow[];
}

/** What a table needs to know of a network: none of it changes while it is trained. */
export type PlanPosition = Pick<
  NetworkState,
  'name' | 'split' | 'repeat' | 'family' | 'treatment' | 'source' | 'target' | 'n'
>;

/** Tables in the order of the plan, rows in that of the study's treatments. */
export function arrange(
  networks: readonly PlanPosition[],
  treatments: StudyState['treatments'],
): readonly GridTable[] {
  const families = new Set(networks.map(({ family }) => family));
  const place = new Map(treatments.map(({ name }, i) => [name, i]));
  const groups = groupBy(networks, ({ family, split, repeat, target }) =>
    JSON.stringify([family, split, repeat, target]),
  );
  return [...groups].map(([key, members]) => ({
    key,
    title: titleOf(members[0] as PlanPosition, families.size > 1),
    ...tableOf(members, place),
  }));
}

function titleOf({ split, repeat, family, target }: PlanPosition, hasFamilies: boolean): string {
  const again = repeat === 0 ? '' : `, repeat ${repeat}`;
  const of = hasFamilies && family !== split ? ` (${family})` : '';
  const onto = target === 'whole' ? '' : `, target ${target}`;
  return `${split}${of}${again}${onto}`;
}

function tableOf(
  networks: readonly PlanPosition[],
  place: ReadonlyMap<string, number>,
): Pick<GridTable, 'columns' | 'rows'> {
  const columns = [...new Set(networks.map(({ n }) => n))].sort((a, b) => a - b);
  const byTreatment = groupBy(networks, ({ treatment }) => treatment);
  const order = (treatment: string): number => place.get(treatment) ?? place.size;
  const treatments = [...byTreatment.keys()].sort((a, b) => order(a) - order(b));
  const rows = treatments.flatMap((treatment) => {
    const members = byTreatment.get(treatment) ?? [];
    const bySource = groupBy(members, ({ source }) => source ?? '');
    return [...bySource].map(([source, own]): GridRow => {
      const cells = columns.map((n) => ({
        n,
        names: own.filter((each) => each.n === n).map(({ name }) => name),
      }));
      return { treatment, source: bySource.size > 1 ? source : null, cells };
    });
  });
  return { columns, rows };
}

/** Members by key, keys in the order of their first member. */
export function groupBy<T>(
  members: readonly T[],
  keyOf: (member: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const member of members) {
    const key = keyOf(member);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return groups;
}
