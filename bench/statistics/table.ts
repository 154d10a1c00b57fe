// The simulation as Markdown tables.
import { findingIds, type Verdict } from '../../src/report/paper/finding.js';
import { claims } from './answers.js';
import type { Cell } from './cells.js';
import { structures } from './simulate.js';
import type { Tally } from './tally.js';
import { type WorldName, worlds } from './worlds.js';

/** A cell with what came of it. */
export interface Outcome {
  readonly cell: Cell;
  readonly tally: Tally;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const percent = (part: number, whole: number): string =>
  whole === 0 ? '\u2013' : ((100 * part) / whole).toFixed(part === 0 || part === whole ? 0 : 1);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const size = ({ design: { splits, repeats } }: Cell): string => `${splits}x${repeats}`;

/** Coverage and mean half width of every kind of interval, one table a structure of the noise. */
export function coverageTables(outcomes: readonly Outcome[]): string {
  return Object.entries(structures)
    .map(([structure, { label }]) => {
      const own = outcomes.filter(({ cell }) => cell.design.structure === structure);
      const kinds = [...new Set(own.flatMap(({ tally }) => [...tally.intervals.keys()]))];
      const rows = kinds.map((kind) => [
        kind,
        ...own.map(({ tally }) => {
          const count = tally.intervals.get(kind);
          if (count === undefined || count.stated === 0) return 'none';
          const half = (count.halfPt / count.stated).toFixed(2);
          return `${percent(count.covered, count.stated)} \u00b1${half}`;
        }),
      ]);
      return `### ${label}\n\n${table(['', ...own.map(({ cell }) => size(cell))], rows)}`;
    })
    .join('\n\n');
}

const order: readonly Verdict[] = ['supports', 'contradicts', 'negligible', 'undecided'];

/** Percent of studies by verdict of each finding, and of studies with a false one, one table a
 *  world. */
export function verdictTables(outcomes: readonly Outcome[]): string {
  return byWorld(outcomes, (world, own) => {
    const truths = worlds[world].truths as Readonly<Partial<Record<string, string>>>;
    const judged = own.flatMap(({ tally }) => [...tally.verdicts.keys()]);
    const rows = ['', 'A', 'B']
      .flatMap((target) => findingIds.map((id) => `${id}${target}`))
      .filter((id) => truths[id] !== undefined && judged.includes(id))
      .map((id) => [
        `${id} (${truths[id] ?? ''})`,
        ...own.map(({ tally }) =>
          order
            .map((verdict) => percent(tally.verdicts.get(id)?.get(verdict) ?? 0, tally.studies))
            .join(' / '),
        ),
      ]);
    return [
      ...rows,
      ['**any false support**', ...own.map(({ tally }) => bold(tally.falseSupport, tally))],
      [
        '**any false contradiction**',
        ...own.map(({ tally }) => bold(tally.falseContradiction, tally)),
      ],
    ];
  });
}

/** Percent of studies in which answers make a claim, and of those in which it is false. */
export function answerTables(outcomes: readonly Outcome[]): string {
  return byWorld(outcomes, (_, own) => [
    ...claims.map(({ id }) => [
      id,
      ...own.map(({ tally }) => {
        const { made, wrong } = tally.claims.get(id) ?? { made: 0, wrong: 0 };
        return `${percent(made, tally.studies)}, false ${percent(wrong, tally.studies)}`;
      }),
    ]),
    ['**any false answer**', ...own.map(({ tally }) => bold(tally.falseAnswer, tally))],
  ]);
}

function byWorld(
  outcomes: readonly Outcome[],
  rows: (world: WorldName, own: readonly Outcome[]) => readonly (readonly string[])[],
): string {
  return (Object.keys(worlds) as WorldName[])
    .map((world) => {
      const own = outcomes.filter(({ cell }) => cell.worldName === world);
      if (own.length === 0) return '';
      const heads = own.map(({ cell }) => {
        const { noise, structure } = cell.design;
        return `${noise} ${size(cell)}${structure === 'plain' ? '' : ` ${structure}`}`;
      });
      return `### ${worlds[world].label}\n\n${table(['', ...heads], rows(world, own))}`;
    })
    .filter((each) => each !== '')
    .join('\n\n');
}

const bold = (part: number, { studies }: Tally): string => `**${percent(part, studies)}**`;
