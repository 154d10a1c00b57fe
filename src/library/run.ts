// `run` of the library: what `selffer run STUDY.yaml` does, for programs.
import { formatIssue } from '../base/errors.js';
import { readStudyFile } from '../study/file/read-study.js';
import type { Study } from '../study/study.js';
import type { RunEnd } from './end-run.js';
import type { OnRunEvent } from './events.js';
import { checkRequest, type RunRequest } from './request.js';

/** Trains what is missing of a study and writes its report, as `selffer run` does: into
 *  `./<study name>` unless `out` says where; what has ended is not trained again. Networks that
 *  fail are in `unfinished`, and their state says why.
 *  @param study a study, or the path of a study file
 *  @throws SelfferError if something is wrong with the study, its images, the folder or this
 *  machine, before anything is trained: `code`, `message` and `hint` say what to do */
export async function run(study: Study | string, request: RunRequest = {}): Promise<RunEnd> {
  checkRequest(study, request);
  const { onEvent = () => {}, signal, set = [], ...settings } = request;
  // Loaded with the first run: a program that reads results never needs them.
  const { openRun } = await import('./open-run.js');
  const { trainHere } = await import('./train.js');
  const { endEvent, endRun } = await import('./end-run.js');
  const opened = await openRun(studyOf(study, set, onEvent), settings, onEvent);
  try {
    const trained = await trainHere(opened, {
      onEvent,
      ...(signal === undefined ? {} : { stop: signal }),
    });
    const end = await endRun(opened, trained);
    onEvent(endEvent(end));
    return end;
  } finally {
    opened.close();
  }
}

function studyOf(study: Study | string, set: readonly string[], say: OnRunEvent): Study {
  if (typeof study !== 'string') return study;
  const found = readStudyFile(study, set);
  for (const each of found.remarks) say({ event: 'warning', message: formatIssue(each) });
  return found.study;
}
