// What must be said of bases that were trained elsewhere.
import type { Results, StudyFacts } from '../study/results/types.js';

/** A sentence or two about each base that the study has read from a file. */
export function readBasesOf({ study }: Pick<Results, 'study'>): readonly string[] {
  return Object.entries(study.readBases ?? {}).map(([task, { hasSeen, ...base }]) => {
    const seen = hasSeen.includes('target')
      ? 'The study states that it has seen images or classes of the target: what is copied from it knew the target before, so its networks say nothing of transfer to a task that is new to them.'
      : 'The study states that it has seen nothing of the target.';
    return `Base ${task} was not trained here but read from ${base.file} (${classesText(base)}, weights ${base.weights.slice(0, 12)}): it has no accuracy of its own, and its images and training are not those of the bases that its networks are compared with. ${seen}`;
  });
}

/** Files that bases were read from, in a few words; null if there are none. */
export function readBaseWords({ readBases }: StudyFacts): string | null {
  const words = Object.entries(readBases ?? {}).map(([task, base]) => {
    const seen = base.hasSeen.length === 0 ? 'has not seen the target' : 'has seen the target';
    return `${task} from ${base.file}, ${classesText(base)}, ${seen}`;
  });
  return words.length === 0 ? null : words.join('; ');
}

function classesText({ classes }: { readonly classes: number }): string {
  return `${classes} classes`;
}
