// What the server can be asked: one row a question. The page's own files are not among them.
import type { ServerResponse } from 'node:http';
import { packageVersion } from '../base/package-files.js';
import type { StudiesAnswer } from './api.js';
import { EventStream } from './event-stream.js';
import type { FiguresMaker } from './figures-maker.js';
import { Refusal } from './refusal.js';
import { jsonReply, jsonText, type Reply } from './reply.js';
import type { CurvesQuery } from './study-look.js';
import type { StudySession } from './study-session.js';

/** What routes answer from. */
export interface Served {
  readonly studies: ReadonlyMap<string, StudySession>;
  readonly figures: FiguresMaker;
  readonly canControl: boolean;
  /** Streams that are open; there is room for so many. */
  readonly streams: Set<EventStream>;
}

/** A request that has been let in. */
interface Asked {
  /** What stands for the words with a colon in a route's path. */
  readonly words: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Null if it goes on answering by itself. */
  readonly answer: (served: Served, asked: Asked) => Promise<Reply | null> | Reply;
}

const MOST_STREAMS = 64;
const MOST_CURVES = 500;
const MOST_POINTS = 5000;

/** All questions. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/api/studies', answer: (served) => jsonReply(studiesAnswer(served)) },
  {
    method: 'GET',
    path: '/api/studies/:id',
    answer: async (served, asked) => jsonReply(await studyOf(served, asked).state()),
  },
  { method: 'GET', path: '/api/studies/:id/events', answer: listen },
  {
    method: 'GET',
    path: '/api/studies/:id/curves',
    answer: async (served, asked) =>
      jsonReply(await studyOf(served, asked).curves(curvesQuery(asked.query))),
  },
  { method: 'GET', path: '/api/studies/:id/figures', answer: figuresAnswer },
  {
    method: 'GET',
    path: '/api/studies/:id/networks/:network',
    answer: async (served, asked) =>
      jsonReply(await studyOf(served, asked).network(asked.words['network'] ?? '')),
  },
  { method: 'GET', path: '/api/studies/:id/networks/:network/filters.png', answer: filtersAnswer },
  {
    method: 'POST',
    path: '/api/studies/:id/start',
    answer: async (served, asked) => {
      await controlled(served, asked).start();
      return jsonReply({ ok: true });
    },
  },
  {
    method: 'POST',
    path: '/api/studies/:id/stop',
    answer: (served, asked) => {
      controlled(served, asked).control.stop();
      return jsonReply({ ok: true });
    },
  },
];

function studiesAnswer({ studies, canControl }: Served): StudiesAnswer {
  return {
    version: packageVersion(),
    canControl,
    studies: [...studies.values()].map(({ id, name, directory }) => ({ id, name, directory })),
  };
}

function studyOf({ studies }: Served, { words }: Asked): StudySession {
  return known(studies, words['id'] ?? '');
}

function known(studies: Served['studies'], id: string): StudySession {
  const study = studies.get(id);
  if (study === undefined) throw new Refusal(404, 'this server has no study of this id');
  return study;
}

function controlled(served: Served, asked: Asked): StudySession {
  if (!served.canControl) {
    throw new Refusal(403, 'this server only shows studies', 'It was started with --read-only.');
  }
  return studyOf(served, asked);
}

async function listen(served: Served, asked: Asked): Promise<null> {
  const study = studyOf(served, asked);
  if (served.streams.size >= MOST_STREAMS) {
    throw new Refusal(503, `${MOST_STREAMS} pages listen already`, 'Close some of them.');
  }
  const stream: EventStream = new EventStream(asked.response, () => {
    served.streams.delete(stream);
    study.leave(stream);
  });
  served.streams.add(stream);
  await study.join(stream);
  return null;
}

async function figuresAnswer(served: Served, asked: Asked): Promise<Reply> {
  const { query } = asked;
  const against = query.get('against');
  const figures = await served.figures.figures(studyOf(served, asked), {
    against: against === null ? null : known(served.studies, against),
    theme: oneOf(query, 'theme', ['light', 'dark']),
    room: oneOf(query, 'room', ['wide', 'narrow']),
  });
  return jsonText(figures);
}

async function filtersAnswer(served: Served, asked: Asked): Promise<Reply> {
  const body = await studyOf(served, asked).filters(asked.words['network'] ?? '');
  if (body === null) throw new Refusal(404, 'there is no picture of filters of this network');
  return { status: 200, type: 'image/png', cache: 'no-store', body };
}

function curvesQuery(query: URLSearchParams): CurvesQuery {
  const networks = query.getAll('network');
  if (networks.length > MOST_CURVES) {
    throw new Refusal(400, `found ${networks.length} networks, wanted at most ${MOST_CURVES}`);
  }
  return {
    networks,
    what: oneOf(query, 'what', ['accuracy', 'loss', 'trainLoss']),
    points: Math.min(MOST_POINTS, Math.max(4, numberOf(query, 'points', 400))),
    from: numberOf(query, 'from', 0),
    to: numberOf(query, 'to', Number.MAX_SAFE_INTEGER),
  };
}

// The first is what is taken if nothing is asked for.
function oneOf<T extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const found = query.get(name);
  if (found === null) return choices[0];
  const choice = choices.find((each) => each === found);
  if (choice !== undefined) return choice;
  const shown = JSON.stringify(found.slice(0, 40));
  throw new Refusal(400, `${name}: found ${shown}, wanted ${choices.join(' or ')}`);
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const found = query.get(name);
  if (found === null) return otherwise;
  const value = Number(found);
  if (found.trim() !== '' && Number.isFinite(value)) return value;
  const shown = JSON.stringify(found.slice(0, 40));
  throw new Refusal(400, `${name}: found ${shown}, wanted a number`);
}
