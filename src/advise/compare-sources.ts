// Several sources beside each other: the best way of each on the same images.
import { RunStoreError } from '../base/errors.js';
import type { AdvisedArm, AdvisedSource } from './advice.js';
import { modelFacts, type TrainedSource } from './answer.js';
import { comparedArms, differencesTo } from './compare-arms.js';
import type { JudgedArm, Judgement } from './judged.js';

/** A source with the answers of its best way, the first of the judgement that copies from it. */
export interface JudgedSource {
  readonly name: string;
  /** Folder of the source below that of the advice. */
  readonly folder: string;
  readonly found: TrainedSource;
  /** Null if none of its ways was finished. */
  readonly judged: Judgement | null;
}

/** The sources, the chosen one first: differences are the chosen source's best way less another's,
 *  p by Holm's rule for all other sources.
 *  @throws RunStoreError if they were not asked about the same images */
export function comparedSources(sources: readonly JudgedSource[]): readonly AdvisedSource[] {
  const [chosen] = sources;
  const labels = chosen?.judged?.labels ?? [];
  const rivals = sources.slice(1).filter(({ judged }) => copying(judged) !== undefined);
  for (const { judged, folder } of rivals) {
    const isSame = judged?.labels.every((label, at) => label === labels[at]);
    if (isSame && judged?.labels.length === labels.length) continue;
    throw new RunStoreError(`${folder}: was judged with other images than the others`, {
      hint: 'Remove the folder of the advice, and ask again.',
    });
  }
  const differences = differencesTo(
    copying(chosen?.judged)?.answers ?? [],
    rivals.map(({ judged }) => copying(judged)?.answers ?? []),
    labels,
  );
  return sources.map((source): AdvisedSource => {
    const { name, found } = source;
    const { cheap, context, trained } = found;
    const [cut] = [...cheap.cuts].sort((a, b) => b.accuracy - a.accuracy || b.n - a.n);
    const best = bestOf(source);
    const less = differences[rivals.indexOf(source)] ?? null;
    return {
      name,
      model: modelFacts(context.source, context.data.classes.length),
      probe: cut === undefined ? null : { n: cut.n, name: cut.name, accuracy: cut.accuracy },
      isTrained: trained.results.length > 0,
      best: best && { ...best, chosenLessThis: less },
    };
  });
}

// From scratch nothing is copied: that says nothing of a source.
function copying(judged: Judgement | null | undefined): JudgedArm | undefined {
  return judged?.arms.find(({ arm }) => arm.treatment !== 'base');
}

function bestOf({ found, judged, folder }: JudgedSource): AdvisedArm | null {
  const arm = copying(judged);
  if (judged === null || arm === undefined) return null;
  const [best] = comparedArms(found.context, { ...judged, arms: [arm] });
  return best === undefined ? null : { ...best, study: `${folder}/${best.study}` };
}
