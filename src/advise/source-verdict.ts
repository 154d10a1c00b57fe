// Which of several sources, in words.
import type { Advice, AdvisedSource } from './advice.js';
import { comparison, differenceText, percent } from './words.js';

/** The sentences that stand before the answer on the chosen source; none where nothing can be
 *  learned, or nothing was judged. */
export function sourceSentences(
  outcome: Advice['outcome'],
  sources: readonly AdvisedSource[],
): readonly string[] {
  const [chosen, ...others] = sources;
  if (chosen === undefined || chosen.best === null || outcome === 'nothing can be learned') {
    return [];
  }
  const judged = others.filter(({ best }) => best !== null);
  const better = judged.filter(({ best }) => best && comparison(best) === 'worse');
  const isOpen =
    judged.length > 0 && judged.every(({ best }) => best && comparison(best) === 'open');
  const did = `Of the ${sources.length} networks ${chosen.name} did best on the images to choose by; its best way gets ${percent(chosen.best.accuracy)} of the final test`;
  const which =
    outcome === 'the source brings nothing'
      ? `${did}, but it was not shown to bring anything.`
      : better.length > 0
        ? `${did}, but ${listed(better.map(({ name }) => name))} did better there: which is the best is open.`
        : isOpen
          ? `${did}, where it cannot be told apart from ${listed(judged.map(({ name }) => name))}.`
          : `${did}: take it.`;
  return [which, ...others.map((source) => otherSentence(source))];
}

function otherSentence({ name, best, isTrained, probe }: AdvisedSource): string {
  const looked =
    probe === null ? '' : ` A probe of its frozen features got ${percent(probe.accuracy)}.`;
  if (best === null) return `${name}: no way to use it was finished.${looked}`;
  const verdict = {
    better: `gets less, ${percent(best.accuracy)}`,
    worse: `did better on these images, ${percent(best.accuracy)}, though the images to choose by said otherwise`,
    open: `gets ${percent(best.accuracy)}, which cannot be told apart`,
  };
  const how = isTrained
    ? ''
    : ` Its last layer alone was fitted, no other way was trained.${looked}`;
  return `${name} ${verdict[comparison(best)]} (${differenceText(best)}).${how}`;
}

function listed(names: readonly string[]): string {
  const [last = ''] = names.slice(-1);
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
