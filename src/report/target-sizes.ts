// The report's section on the size of the target: from how many images on transfer stops to pay.
import { formatInterval, formatRange } from '../figures/format.js';
import { type NamedSizes, namedSizes } from '../figures/target-size.js';
import type { BestCut, SizeGain, TargetSizes } from '../study/results/target-size-types.js';
import type { Results } from '../study/results/types.js';
import { type Html, markup, table } from './html.js';
import { shortInterval } from './tables.js';

/** Answers in words and the table of gains; null for a study whose targets have no sizes of their
 *  own. */
export function targetSizeSection(results: Results): Html | null {
  const parts = namedSizes(results);
  if (parts.length === 0) return null;
  return markup`<h2>How many images does the target need?</h2>
    ${parts.map(partOf)}
    <p class="muted">
      Each network is compared with the base of its own target that saw the same number of images.
      Repeats are averaged; from four splits on a split is one value of an interval, below that a
      target of a split is, and fewer than three values have no interval. The intervals speak of
      other splits of these classes and of these test images.
    </p>`;
}

function partOf({ sizes, words }: NamedSizes): Html {
  return markup`${words !== '' && markup`<h3>${words}</h3>`}
    ${sizeAnswers(sizes).map((answer) => markup`<p>${answer}</p>`)}
    ${gainTable(sizes)}`;
}

/** Plain sentences: where the gain of fine-tuned transfer ends, where tuning beats freezing, and
 *  whether the best cut moves. */
export function sizeAnswers(sizes: TargetSizes): readonly string[] {
  const of = (treatment: string, against: string): SizeGain | undefined =>
    sizes.gains.find((gain) => gain.treatment === treatment && gain.against === against);
  const gains = [
    ['Fine-tuned transfer (AnB+)', of('AnB+', 'base')],
    ['Frozen transfer (AnB)', of('AnB', 'base')],
  ] as const;
  return [
    ...gains.flatMap(([name, gain]) => (gain === undefined ? [] : [endSentence(name, gain)])),
    ...sizes.bestCuts.map((cut) => cutSentence(cut)),
  ];
}

function imagesWords(size: number | 'all' | null): string {
  return size === null || size === 'all' ? 'all images' : `${size} images a class`;
}

function endSentence(name: string, { points, layers, endsAt }: SizeGain): string {
  const range = `n = ${formatRange(layers)}`;
  const at = (point: SizeGain['points'][number] | undefined): string =>
    point === undefined
      ? ''
      : `${formatInterval(point.meanPt, point.lowPt, point.highPt)} with ${imagesWords(point.imagesPerClass)}`;
  const ends = [...new Set([points[0], points.at(-1)])].map(at).join(', ');
  if (points.every(({ lowPt }) => lowPt === null)) {
    return `${name} over its base, ${range}, by means alone: ${ends}. Where the gain ends cannot be said without intervals.`;
  }
  if (endsAt === null) {
    return `${name} gains at every size that was trained, ${range}: ${ends}.`;
  }
  const first = points.find(({ imagesPerClass }) => (imagesPerClass ?? 'all') === endsAt);
  if (first === points[0]) {
    return `${name} has no gain that its interval tells from 0 at the smallest size, ${range}: ${ends}.`;
  }
  return `${name} gains below ${imagesWords(endsAt)}; from there on its interval includes 0 or lies below, ${range}: ${ends}.`;
}

function cutSentence({ treatment, points, shift }: BestCut): string {
  const [few, many] = [points[0], points.at(-1)];
  if (few === undefined || many === undefined) return '';
  const where = `n = ${few.n} with ${imagesWords(few.imagesPerClass)}, n = ${many.n} with ${imagesWords(many.imagesPerClass)}`;
  if (few.n === many.n) return `The best cut of ${treatment} does not move: ${where}.`;
  if (shift === null || shift.lowPt === null) {
    return `By means alone the best cut of ${treatment} moves: ${where}.`;
  }
  const value = formatInterval(shift.meanPt, shift.lowPt, shift.highPt);
  const claim = shift.lowPt > 0 ? 'moves' : 'is not seen to move more than scatter does';
  return `The best cut of ${treatment} ${claim}: ${where}. What the two cuts differ by changes by ${value} between these sizes.`;
}

function gainTable({ gains, sizes }: TargetSizes): Html {
  const header = sizes.map((size) => imagesWords(size));
  const rows = gains.map(({ treatment, against, layers, points, endsAt }) => [
    `${treatment} \u2212 ${against}`,
    formatRange(layers),
    ...sizes.map((size) => {
      const point = points.find(({ imagesPerClass }) => imagesPerClass === size);
      return point === undefined
        ? '\u2013'
        : shortInterval(point.meanPt, point.lowPt, point.highPt);
    }),
    endsAt === null ? '\u2013' : imagesWords(endsAt),
  ]);
  return table(
    ['Pt', 'n', ...header, 'no gain from'],
    rows,
    sizes.map((_, at) => at + 2),
  );
}
