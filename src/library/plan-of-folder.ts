// The plan of a study for a folder that may hold runs of an earlier version, which counted files
// that are not images as part of a data set's identity.
import { join } from 'node:path';
import { cacheDirectory } from '../base/cache-directory.js';
import { IdentityError } from '../base/errors.js';
import { planStudy, type Plan } from '../study/plan/plan.js';
import { factsByChoice, type FactsOf } from '../study/plan/splits.js';
import { hasRunsOf } from '../study/store/open-folder.js';
import { dataChoices, type Study } from '../study/study.js';

/** Plans a study. Where a folder's runs have the identity that version 0.1.0 gave the same images,
 *  the plan is one of that identity, and the runs stay; `say` hears
 *  of it. */
export function planOfFolder(
  study: Study,
  factsOf: FactsOf,
  directory: string,
  say: (remark: string) => void,
): Plan {
  const plan = planStudy(study, factsOf);
  const choices = dataChoices(study);
  if (choices.every((choice) => factsOf(choice).formerHash === undefined)) return plan;
  if (hasRunsOf(directory, plan)) return plan;
  const formerOf = factsByChoice(
    choices.map((choice) => {
      const facts = factsOf(choice);
      return [choice, { ...facts, manifestHash: facts.formerHash ?? facts.manifestHash }];
    }),
  );
  const former = planStudy(study, formerOf);
  if (!hasRunsOf(directory, former)) return plan;
  say(
    `${directory}: its runs count files that are not images as part of the data, as version 0.1.0 did; the images are the same, and the runs are used again`,
  );
  return former;
}

/** Opens a folder; the refusal of runs of other data says too what may have changed without an
 *  image having changed. @throws what `open` throws */
export function explained<T>(study: Study, factsOf: FactsOf, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw withLeftOut(error, study, factsOf);
  }
}

// Where no image has changed, what is done to some of them may have.
function olderRules(): string {
  const stores = join(cacheDirectory(), 'images');
  return `If no image has changed: version 0.1.0 did not turn photographs upright and shifted enlarged ones. The store that it decoded, if still in ${stores}, keeps the runs: --set data.source=THAT.store.`;
}

function withLeftOut(error: unknown, study: Study, factsOf: FactsOf): unknown {
  if (!(error instanceof IdentityError)) return error;
  const keys = error.data['keys'];
  const isData = Array.isArray(keys) && keys.some((key) => /(^|\.)data$/.test(String(key)));
  if (!isData) return error;
  const leftOut = dataChoices(study).flatMap((choice) => factsOf(choice).leftOut ?? []);
  const hints = [...leftOutHint(leftOut), olderRules(), error.hint ?? ''];
  return new IdentityError(error.message, {
    hint: hints.join(' ').trim(),
    data: error.data,
    cause: error,
  });
}

function leftOutHint(leftOut: readonly string[]): string[] {
  if (leftOut.length === 0) return [];
  const shown = leftOut.slice(0, 5).join(', ');
  const more = leftOut.length > 5 ? ` and ${leftOut.length - 5} more` : '';
  return [
    `Version 0.1.0 counted files that are not images as part of the data; now they do not count. If only such files have come or gone since (left out today: ${shown}${more}), move those that came out of the data set once, and the same command keeps the runs.`,
  ];
}
