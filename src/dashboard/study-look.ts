// What the thread that reads a study's folder tells the server.
import type { LiveNumbers } from '../study/store/live-file.js';
import type { Measurements } from '../study/measurements/types.js';
import type { ResultsInput } from '../study/results/build.js';
import type { CurvesAnswer, NetworkAnswer, NetworkState, StudyState } from './api.js';
import type { Column } from './metrics-columns.js';

/** Everything of a study's state but its run, of which the server itself may know more. */
export type StudyLook = Omit<StudyState, 'run'>;

/** Who trains the study. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO; null if it is not known. */
  readonly since: string | null;
  /** What it says of its progress. */
  readonly live: LiveNumbers | null;
}

/** What a look at the folder has found changed; what is left out is as it was. */
export interface LookNews {
  /** The plan is another one: all of it. */
  readonly study?: StudyLook;
  readonly networks?: readonly NetworkState[];
  readonly holder?: { readonly is: Holder | null };
  readonly problems?: readonly string[];
  readonly figuresRevision?: number;
}

/** Which curves are asked for. */
export interface CurvesQuery {
  readonly networks: readonly string[];
  readonly what: Exclude<Column, 'iteration'>;
  readonly points: number;
  readonly from: number;
  readonly to: number;
}

/** What figures are made of; null where there is nothing to make them of. */
export interface FiguresSource {
  readonly revision: number;
  readonly input: ResultsInput | null;
  readonly measurements: Measurements | null;
  /** Whether the folder has what its networks leave when they are trained: curves. */
  readonly hasRuns: boolean;
}

/** What the thread can be asked. */
export type StudyQuestions = {
  readonly study: (none: null) => { readonly study: StudyLook; readonly holder: Holder | null };
  /** Whether it is to look again and again, and to tell what has changed. */
  readonly listen: (isOn: boolean) => null;
  readonly curves: (query: CurvesQuery) => CurvesAnswer;
  /** Null if there is no such network. */
  readonly network: (name: string) => NetworkAnswer | null;
  /** A PNG; null if there is no such network, or nothing to draw. */
  readonly filters: (name: string) => Promise<Uint8Array | null>;
  /** What figures are made of. */
  readonly results: (none: null) => FiguresSource;
};
