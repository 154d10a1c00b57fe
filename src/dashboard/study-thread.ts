// The thread that reads one study's folder: disks may be slow, and thousands of files take time
// that the server needs for its answers.
import { workerData } from 'node:worker_threads';
import { curvesOf } from './curves.js';
import { filterPicture, hasWeights } from './filter-picture.js';
import { keptPage, networkPage } from './network-page.js';
import type { StudyQuestions } from './study-look.js';
import { StudyView } from './study-view.js';
import { answerQuestions, tell } from './thread-host.js';

/** Where the study is. */
export interface StudyPlace {
  readonly id: string;
  /** A real path. */
  readonly directory: string;
}

const LOOK_EVERY_MS = 1000;
/** At most this share of the time goes into looking: a disk may be slow. */
const SHARE = 0.1;

const { id, directory } = workerData as StudyPlace;
const view = new StudyView(id, directory);
let timer: NodeJS.Timeout | null = null;
let lookedAt = -Infinity;

function look(): void {
  const news = view.look();
  lookedAt = performance.now();
  if (Object.keys(news).length > 0) tell(news);
}

// Only looks that repeat say how long the next one takes: the first reads everything.
function lookSoon(pauseMs = LOOK_EVERY_MS): void {
  timer = setTimeout(() => {
    const started = performance.now();
    look();
    lookSoon(Math.max(LOOK_EVERY_MS, (performance.now() - started) / SHARE));
  }, pauseMs);
}

// What is asked for is never older than what the page is told.
function lookIfOld(): void {
  if (performance.now() - lookedAt > LOOK_EVERY_MS) look();
}

const answers: StudyQuestions = {
  study: () => (lookIfOld(), view.study()),
  listen: (isOn) => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (isOn) lookSoon();
    return null;
  },
  curves: (query) => (lookIfOld(), curvesOf(view.planned, query)),
  network: (name) => {
    lookIfOld();
    const state = view.stateOf(name);
    if (state === undefined) return null;
    const { planned, guard } = view;
    const network = planned?.network(name) ?? null;
    if (planned === null || network === null) return keptPage(state);
    const filters = hasWeights(directory, guard, name);
    return networkPage(directory, planned, network, { state, filters });
  },
  filters: async (name) => {
    lookIfOld();
    const { planned, guard } = view;
    const network = planned?.network(name) ?? null;
    if (planned === null || network === null) return null;
    return filterPicture(directory, guard, network.entry, planned.plan.parts);
  },
  results: () => (lookIfOld(), view.results()),
};

answerQuestions({ ...answers });
