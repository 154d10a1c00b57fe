// From networks and photographs to an answer: data divided, features looked at, arms trained, the
// chosen one judged. Every part is kept, so that what was ended is resumed.
import { type Check, objectOf, text } from '../base/checks.js';
import { contentHash } from '../base/canonical-json.js';
import { UsageError } from '../base/errors.js';
import type { Advice } from './advice.js';
import { readAdvice, writeAdvice } from './advice-file.js';
import { answer } from './answer.js';
import { dividedData } from './divide.js';
import type { AdviceHost } from './host.js';
import { mostPerClass } from './image-budget.js';
import { lookAt } from './looked-at.js';
import { modelHash } from './model.js';
import { realStage } from './real-stage.js';
import type { AdviceRequest } from './request.js';
import { readSource } from './source.js';
import { adviseOnSeveral } from './several.js';
import { stage } from './stage.js';
import { writeAdvicePage } from './page/write-page.js';

/** What an advice was asked with: a folder holds one. */
interface Asked {
  readonly schema: string;
  readonly hash: string;
}

const askedCheck: Check<Asked> = objectOf<Asked>({ schema: text, hash: text });

/** Makes an advice, or resumes one. Once the host's stop is aborted: the answer so far.
 *  @throws UsageError if the folder holds an advice on something else; DataError, ParseError if
 *  images or network cannot be used; the reason of the stop if nothing is known yet */
export async function advise(request: AdviceRequest, host: AdviceHost): Promise<Advice> {
  const { directory, models } = request;
  const hashes = models.map((model) => modelHash(model));
  await refuseOther(request, hashes);
  const done = readAdvice(directory);
  if (done?.isWhole) return done;
  const { advice, judged, store } =
    models.length === 1
      ? await adviseOnOne(request, hashes[0] ?? '', host)
      : await adviseOnSeveral(request, hashes, host);
  await writeAdvicePage(directory, advice, judged, store);
  writeAdvice(directory, advice);
  return advice;
}

async function adviseOnOne(request: AdviceRequest, hash: string, host: AdviceHost) {
  const { directory, models, seed, mirror, budgetSeconds, preprocess } = request;
  const source = await readSource(models[0], hash, directory);
  const perClass = mostPerClass(source.network, source.classes, budgetSeconds);
  const data = await dividedData({ ...request, perClass }, source.network, host);
  const context = { directory, source, data, seed, mirror, budgetSeconds, host };
  const found = await lookAt(context, preprocess);
  const trained = await realStage(found.context, found.cheap, found.probe);
  return { ...(await answer({ ...found, trained })), store: data.store };
}

async function refuseOther(request: AdviceRequest, hashes: readonly string[]): Promise<void> {
  const { data, seed, mirror, budgetSeconds, preprocess = null, directory } = request;
  const model = hashes.length === 1 ? (hashes[0] ?? '') : hashes;
  const hash = contentHash({ model, data: [...data], seed, mirror, budgetSeconds, preprocess });
  const asked = await stage(directory, 'asked', askedCheck, () => ({
    schema: 'selffer.advice-asked/1',
    hash,
  }));
  if (asked.hash === hash) return;
  throw new UsageError(
    `${directory} holds an advice on another network, other images or with other options`,
    { hint: 'Give another --out, or remove the folder.' },
  );
}
