// The report's section on what was measured without training: tables by cut or segment.
import { formatAccuracy, formatInterval } from '../figures/format.js';
import {
  type MeasuredPoint,
  type MeasurementSummary,
  summariseMeasurements,
} from '../study/measurements/summary.js';
import type { Measurements, Movement } from '../study/measurements/types.js';
import { mean } from '../stats/mean.js';
import { partsOf } from '../study/results/family.js';
import { groupBy } from '../study/results/order.js';
import { directionOf } from '../study/results/task-labels.js';
import type { Results } from '../study/results/types.js';
import { treatmentKinds } from '../study/treatments.js';
import { type Html, markup, table } from './html.js';

/** Tables of the main family's measurements; null without any. */
export function measuredSection(results: Results, measurements: Measurements | null): Html | null {
  if (measurements === null) return null;
  const { family } = results.study;
  const parts = partsOf(results).flatMap(({ target, results: part }) => {
    const view = { target, decomposition: part.decomposition };
    const summary = summariseMeasurements(results, measurements, view);
    if (summary === null) return [];
    const where =
      target === null || family === null ? '' : `, ${directionOf(results, family, target)}`;
    return [
      markup`<h3>By segment${where}</h3>
        ${segmentTable(results, summary)} ${movementTable(results, measurements, target)}`,
    ];
  });
  if (parts.length === 0) return null;
  return markup`<h2>Measured without training</h2>
    <p class="muted">
      Of the networks whose weights are kept (<code>selffer measure</code>), by segment: accuracy of
      linear probes on what leaves it; linear CKA of two bases, and change of a base’s accuracy with
      the segment put back to its own first values or to other random ones.
    </p>
    ${parts}`;
}

function segmentTable(results: Results, summary: MeasurementSummary): Html {
  const columns: readonly (readonly [string, readonly MeasuredPoint[], Words])[] = [
    ['probe, own base', summary.ownProbes, accuracyWords],
    ['probe, other base', summary.otherProbes, accuracyWords],
    ['difference, Pt', summary.probeLoss, pointWords],
    ['CKA of bases', summary.betweenTasks, plainWords],
    ['CKA, one task', summary.withinTask, plainWords],
    ['own first values, Pt', summary.initialResets, pointWords],
    ['other values, Pt', summary.redrawnResets, pointWords],
  ];
  const known = columns.filter(([, points]) => points.length > 0);
  const { weightLayers, segmentNames } = results.study;
  const rows = Array.from({ length: weightLayers }, (_, at) => [
    segmentNames === undefined ? String(at + 1) : `${at + 1} ${segmentNames[at] ?? ''}`,
    ...known.map(([, points, words]) => {
      const point = points.find(({ n }) => n === at + 1);
      return point === undefined ? '\u2013' : words(point);
    }),
  ]);
  const numeric = known.map((_, at) => at + 1);
  return table(['segment', ...known.map(([name]) => name)], rows, numeric);
}

type Words = (point: MeasuredPoint) => string;

const accuracyWords: Words = (point) => ranged(point, formatAccuracy);
const plainWords: Words = (point) => ranged(point, (value) => value.toFixed(3));
const pointWords: Words = ({ mean: value, low, high }) =>
  formatInterval(value, low, high).replace(' (no interval: fewer than 3 values)', '');

function ranged({ mean: value, low, high }: MeasuredPoint, format: (value: number) => string) {
  return low === null || high === null
    ? format(value)
    : `${format(value)} [${format(low)}, ${format(high)}]`;
}

/** Means over the networks of each treatment and n, by segment; null if nothing was compared with
 *  what it copied. */
function movementTable(
  { networks, study }: Results,
  { places }: Measurements,
  target: string | null,
): Html | null {
  const movements = new Map(
    Object.values(places).flatMap(({ movements: own }) => own.map((each) => [each.network, each])),
  );
  const measured = networks
    .filter((network) => network.family === study.family && movements.has(network.name))
    .filter((network) => target === null || network.target === target)
    .sort(
      (a, b) =>
        treatmentKinds.indexOf(a.treatment) - treatmentKinds.indexOf(b.treatment) || a.n - b.n,
    );
  if (measured.length === 0) return null;
  const segments = Array.from({ length: study.weightLayers }, (_, at) => at + 1);
  const groups = groupBy(measured, ({ treatment, n }) => `${treatment} ${n}`);
  const rows = [...groups.values()].map((members) => {
    const own = members.map(({ name }) => movements.get(name) as Movement);
    const [first] = members;
    return [
      first?.treatment ?? '',
      first?.n ?? 0,
      ...segments.map((segment) => distanceWords(own, segment)),
    ];
  });
  return markup`<h4>How far copied segments moved: |w − w<sub>0</sub>| / |w<sub>0</sub>|</h4>
    ${table(['treatment', 'n', ...segments.map(String)], rows, [1, ...segments.map((at) => at + 1)])}
    <p class="muted">
      Means over networks. 0: not a bit of it changed, as in frozen segments; –: not copied.
    </p>`;
}

function distanceWords(movements: readonly Movement[], segment: number): string {
  const distances = movements.flatMap(
    ({ segments }) => segments.find((each) => each.segment === segment)?.distance ?? [],
  );
  const value = mean(distances);
  return value === null ? '\u2013' : value === 0 ? '0' : value.toFixed(3);
}
