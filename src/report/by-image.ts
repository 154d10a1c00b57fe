// The report's section on what holds beyond the test images that were used.
import { formatPoints } from '../figures/format.js';
import type { ByImage, ByImagePoint } from '../study/results/by-image-types.js';
import { familyResults } from '../study/results/family.js';
import { partWords } from '../study/results/task-labels.js';
import type { Family, Results, SummaryResults } from '../study/results/types.js';
import { type TreatmentKind, treatmentKinds } from '../study/treatments.js';
import { type Html, markup, table } from './html.js';
import { shortInterval } from './tables.js';

/** Matched differences with intervals over classes and images beside those over units; null for a
 *  study whose networks left no answers. */
export function byImageSection(results: Results): Html | null {
  const families = Object.entries(results.byImage ?? {}) as [Family, readonly ByImage[]][];
  const parts = families.flatMap(([family, members]) =>
    members.flatMap((part) => partOf(results, family, part)),
  );
  if (parts.length === 0) return null;
  return markup`<h2>What holds beyond these test images</h2>
    ${parts}
    <p class="muted">
      Differences to the own base in the last test, Pt. The first interval is that of the tables
      above. The second speaks of other classes and images of the same kind, and of these very
      networks: each class is left out once (jackknife). The third speaks of other classes and
      images, and of networks that are trained anew. Over splits of the same classes alone, no
      interval can see what these classes have in common.
    </p>`;
}

function partOf(results: Results, family: Family, part: ByImage): Html[] {
  const rows = treatmentKinds.flatMap((treatment) =>
    (part.matched[treatment] ?? []).map((point) =>
      rowOf(treatment, point, summaryOf(results, family, part)),
    ),
  );
  if (rows.length === 0) return [];
  const title = partWords(results, family, part.target);
  const header = ['treatment', 'n', 'mean', 'these classes and images', 'other classes and images'];
  return [
    markup`${title.length > 0 && markup`<h3>${title.join(', ')}</h3>`}
      <p>${pairSentence(part)}</p>
      ${table([...header, 'the same, trained anew', 'classes, networks'], rows, [1, 2, 3, 4, 5, 6])}`,
  ];
}

function summaryOf(results: Results, family: Family, { target }: ByImage): SummaryResults | null {
  const own = familyResults(results, family);
  return (target === null ? own : own?.byTarget?.[target]) ?? null;
}

function rowOf(
  treatment: TreatmentKind,
  point: ByImagePoint,
  summary: SummaryResults | null,
): readonly (string | number)[] {
  const first = summary?.matched[treatment]?.find(({ n }) => n === point.n);
  const range = (low: number | null, high: number | null): string =>
    low === null || high === null ? '\u2013' : `[${formatPoints(low)}, ${formatPoints(high)}]`;
  return [
    ...[treatment, point.n, shortInterval(point.meanPt, null, null)],
    range(first?.lowPt ?? null, first?.highPt ?? null),
    range(point.lowPt, point.highPt),
    range(point.beyondLowPt, point.beyondHighPt),
    `${point.classes}, ${point.networks}`,
  ];
}

/** What pairing by image is worth in this study, in a sentence. */
export function pairSentence({ pairs }: ByImage): string {
  const errors = pairs.map(({ standardErrorPt }) => standardErrorPt).sort((a, b) => a - b);
  const middle = errors[Math.floor(errors.length / 2)];
  if (middle === undefined) return '';
  const sure = pairs.filter(({ p }) => p < 0.05).length;
  return `A network and its base answer the same ${pairs[0]?.images ?? 0} images: their difference has a standard error of ${formatPoints(middle, false)} Pt from the images (median of ${pairs.length} pairs); McNemar\u2019s exact p is below 0.05 in ${sure} of them, uncorrected.`;
}
