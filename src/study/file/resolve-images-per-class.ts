// `imagesPerClass:` of a study: how many training images of each class are kept, and whether
// targets have numbers of their own.
import type { Study } from '../study.js';
import type { Report } from './located.js';
import type { StudyText } from './study-source.js';

/** What of a study says how many images networks learn from; what is wrong with it is reported. */
export function resolveImagesPerClass(
  { imagesPerClass: written = 'all' }: StudyText,
  tasks: Study['tasks'],
  report: Report,
): Pick<Study, 'imagesPerClass' | 'targetImagesPerClass'> {
  const isWhole = tasks.length > 0 && tasks.every(({ kind }) => kind === 'whole');
  if (typeof written === 'object' && 'target' in written) {
    if (isWhole) {
      report(
        '/imagesPerClass',
        'imagesPerClass: the whole data set is one task and nothing is copied to it; wanted one number, all, or a list of them',
      );
    }
    const { source = 'all', target } = written;
    return {
      imagesPerClass: [kept(source)],
      // Ascending, all images last.
      targetImagesPerClass: target
        .map(kept)
        .sort((a, b) => (a === b ? 0 : (a ?? Infinity) - (b ?? Infinity))),
    };
  }
  const list = [written].flat();
  if (!isWhole && list.length > 1) {
    report(
      '/imagesPerClass',
      'imagesPerClass: found a list, wanted one number, all, or {source: all, target: [..]} (a list only with tasks: {split: whole})',
    );
  }
  return { imagesPerClass: list.map(kept) };
}

function kept(written: number | 'all'): number | null {
  return written === 'all' ? null : written;
}
