// Numbers in the words of an answer.
import type { AdvisedArm } from './advice.js';

/** p below which two arms are told apart. */
export const LEVEL = 0.05;

/** Whether the chosen arm was told apart from a rival, and in which direction. */
export function comparison({
  chosenLessThis: found,
}: Pick<AdvisedArm, 'chosenLessThis'>): 'better' | 'worse' | 'open' {
  if (found === null || found.p >= LEVEL) return 'open';
  return found.differencePt > 0 ? 'better' : 'worse';
}

/** "90.0 %". */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** "90.0 % (95 % interval 82.0 % to 95.1 %)". */
export function shareText({ accuracy, low, high }: AdvisedArm): string {
  return `${percent(accuracy)} (95 % interval ${percent(low)} to ${percent(high)})`;
}

/** Of a rival: "+3.0 Pt, 95 % interval -2.0 to +8.0 Pt"; nothing of the chosen one. */
export function differenceText({ chosenLessThis: found }: AdvisedArm): string {
  if (found === null) return '';
  const range = `${points(found.lowPt)} to ${points(found.highPt)} Pt`;
  return `${points(found.differencePt)} Pt, 95 % interval ${range}`;
}

function points(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== '0.0' ? `\u2212${text}` : `+${text}`;
}

/** "p 0.012", "p < 0.0001". */
export function probabilityText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p ${p.toPrecision(2)}`;
}

/** "12,345". */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** With a capital at its beginning. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
