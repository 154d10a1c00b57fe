// Asking the server: every answer is one of src/dashboard/api.ts, every failure is in words.
import type {
  CurvesAnswer,
  ErrorAnswer,
  FiguresAnswer,
  NetworkAnswer,
  StudiesAnswer,
} from '../../../src/dashboard/api.js';
import type { Room, ThemeName } from '../../../src/figures/spec.js';

/** What went wrong, and what can be done. */
export interface Trouble {
  readonly message: string;
  readonly hint: string | null;
}

/** An answer, or why there is none. */
export type Asked<T> = { readonly value: T } | { readonly trouble: Trouble };

const study = (id: string): string => `api/studies/${encodeURIComponent(id)}`;

/** Address of a study's events. */
export const eventsUrl = (id: string): string => `${study(id)}/events`;

/** Address of the picture of a network's first layer. */
export const filtersUrl = (id: string, name: string): string =>
  `${study(id)}/networks/${encodeURIComponent(name)}/filters.png`;

/** All studies of this server. */
export const askStudies = (): Promise<Asked<StudiesAnswer>> => ask('api/studies');

/** Whether a study can be read; why not, otherwise. */
export const askStudy = (id: string): Promise<Asked<unknown>> => ask(study(id));

/** All that is known of one network. */
export const askNetwork = (id: string, name: string): Promise<Asked<NetworkAnswer>> =>
  ask(`${study(id)}/networks/${encodeURIComponent(name)}`);

/** What a curve is of: test accuracy, loss of tests, loss of training. */
export type CurveKind = 'accuracy' | 'loss' | 'trainLoss';

/** What of learning curves is wanted. */
export interface CurvesWanted {
  readonly networks: readonly string[];
  readonly what: CurveKind;
  readonly points: number;
  /** Iterations; left out: all. */
  readonly range: readonly [number, number] | null;
}

/** Learning curves, thinned by the server to about so many points each. */
export function askCurves(id: string, wanted: CurvesWanted): Promise<Asked<CurvesAnswer>> {
  const { networks, what, points, range } = wanted;
  const query = new URLSearchParams(networks.map((name) => ['network', name]));
  query.append('what', what);
  query.append('points', String(points));
  if (range !== null) {
    query.append('from', String(Math.max(0, Math.floor(range[0]))));
    query.append('to', String(Math.ceil(range[1])));
  }
  return ask(`${study(id)}/curves?${query.toString()}`);
}

/** The figures of a study, or of two laid over each other. */
export function askFigures(
  id: string,
  look: { readonly theme: ThemeName; readonly room: Room },
  against: string | null,
): Promise<Asked<FiguresAnswer>> {
  const query = new URLSearchParams({ theme: look.theme, room: look.room });
  if (against !== null) query.append('against', against);
  return ask(`${study(id)}/figures?${query.toString()}`);
}

/** Starts, resumes or stops the training of a study. */
export function control(id: string, action: 'start' | 'stop'): Promise<Asked<unknown>> {
  const headers = { 'Content-Type': 'application/json', 'X-Selffer': '1' };
  return ask(`${study(id)}/${action}`, { method: 'POST', headers, body: '{}' });
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<Asked<T>> {
  try {
    const response = await fetch(path, init);
    const body = (await response.json().catch(() => null)) as T | ErrorAnswer | null;
    if (response.ok && body !== null) return { value: body as T };
    return { trouble: troubleOf(response.status, body as ErrorAnswer | null) };
  } catch {
    return { trouble: unreachable };
  }
}

const unreachable: Trouble = {
  message: 'The server does not answer.',
  hint: 'Is `selffer serve` still running? This page tries again by itself.',
};

function troubleOf(status: number, body: ErrorAnswer | null): Trouble {
  const error = body?.error;
  if (typeof error?.message === 'string') return { message: error.message, hint: error.hint };
  return { message: `The server answered with status ${status}.`, hint: null };
}
