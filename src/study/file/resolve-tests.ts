// `tests:` of a study: further sets that its networks are tested on.
import type { Network } from '../../net/network.js';
import type { Study } from '../study.js';
import type { Report } from './located.js';
import { resolveTaskData } from './resolve-data.js';
import type { StudyText } from './study-source.js';

/** Further test sets by name; what they do not say of their images, `data:` says. */
export function resolveTests(
  text: StudyText,
  network: Network | null,
  report: Report,
): Study['tests'] {
  if (text.tests === undefined) return undefined;
  // Nothing is held out of images that are there to be tested on.
  const shared = { ...text.data };
  delete (shared as { holdOut?: unknown }).holdOut;
  const entries = Object.entries(text.tests).flatMap(([name, { data }]) => {
    const choice = resolveTaskData(
      `/tests/${name}`,
      { data },
      { ...text, data: shared },
      network,
      report,
    );
    return choice === null ? [] : [[name, choice] as const];
  });
  return Object.fromEntries(entries);
}
