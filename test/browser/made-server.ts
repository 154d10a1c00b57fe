// Plays the server of the live page with made studies, so that the page can be tried with what no
// quick study has: thousands of networks, failures, a lost connection. It has the true server's
// policy, so that what the true one would forbid is forbidden here.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type {
  CurvesAnswer,
  FiguresAnswer,
  NetworkAnswer,
  NetworkState,
  StudyEvents,
  StudyState,
} from '../../src/dashboard/api.js';
import { figuresOf } from '../../src/figures/figures.js';
import type { LearningCurve } from '../../src/figures/learning-curves.js';
import type { Room, ThemeName } from '../../src/figures/spec.js';
import { buildResults } from '../../src/study/results/build.js';
import { treatments, type TreatmentKind } from '../../src/study/treatments.js';
import { makeMeasurements } from '../made-measurements.js';
import { makeNetworks, type MadeStudy } from '../made-study.js';

const assets = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** The policy of src/dashboard. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.md': 'text/plain; charset=utf-8',
};

/** A study that a test changes as it likes. */
export interface MadeStudyState {
  state: StudyState;
  /** Points that each network's curve has. */
  readonly points: number;
  readonly made: MadeStudy;
}

/** The server, for tests. */
export interface MadeServer {
  readonly url: string;
  readonly studies: Map<string, MadeStudyState>;
  /** Everything that was asked for, e.g. "POST /api/studies/a/stop". */
  readonly asked: string[];
  /** Changes networks and tells whoever listens. */
  change(id: string, networks: readonly NetworkState[]): void;
  /** Tells whoever listens. */
  send<K extends keyof StudyEvents>(id: string, kind: K, event: StudyEvents[K]): void;
  /** Ends all connections, as a server that is gone; no new ones until `port` is taken again. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A made study: every network done, those at `change` otherwise. */
export function madeState(
  id: string,
  made: MadeStudy,
  change: (network: NetworkState, index: number) => Partial<NetworkState> = () => ({}),
): StudyState {
  const networks = makeNetworks(made);
  const results = buildResults({
    study: { name: id, weightLayers: made.weightLayers, statistic: 'final' },
    networks,
  });
  const kinds = [...new Set(networks.map(({ treatment }) => treatment))];
  const base = (network: (typeof networks)[number]): number => {
    const own = networks.filter(
      ({ treatment, split, target }) =>
        treatment === 'base' && split === network.split && target === network.target,
    );
    return own.reduce((sum, { accuracy }) => sum + (accuracy ?? 0), 0) / own.length;
  };
  const bases = new Map<string, number>();
  const baseOf = (network: (typeof networks)[number]): number => {
    const key = `${network.split} ${network.target ?? ''}`;
    const known = bases.get(key) ?? base(network);
    bases.set(key, known);
    return known;
  };
  return {
    id,
    name: id,
    directory: `/studies/${id}`,
    layers: results.study.weightLayers,
    cutNames: Array.from({ length: made.weightLayers }, (_, i) => `conv${i + 1}`),
    treatments: kinds.map((name) => ({
      name,
      label: treatments[name as TreatmentKind].label,
      description: treatments[name as TreatmentKind].meaning,
    })),
    networks: networks.map((network, index) => {
      const { name, split, repeat, family, treatment, source, target, n, accuracy } = network;
      const state: NetworkState = {
        ...{ name, split, repeat, family, treatment, source, n, accuracy },
        ...{ target: target ?? 'whole', state: 'done', iteration: 600, iterations: 600 },
        matchedPt: accuracy === null ? null : 100 * (accuracy - baseOf(network)),
        reason: null,
      };
      return { ...state, ...change(state, index) };
    }),
    run: {
      ...{ state: 'idle', holder: null, secondsLeft: null, imagesPerSecond: null },
      ...{ residentBytes: null, startedAt: null },
    },
    problems: [],
    figuresRevision: 1,
  };
}

/** Starts the server on a free port of this machine. */
export async function startMadeServer(
  studies: readonly MadeStudyState[],
  canControl = true,
): Promise<MadeServer> {
  const asked: string[] = [];
  const byId = new Map(studies.map((study) => [study.state.id, study]));
  const listeners = new Map<string, Set<ServerResponse>>();
  const context = { byId, listeners, canControl, asked };
  let server = createServer((request, response) => void answer(context, request, response));
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const send: MadeServer['send'] = (id, kind, event) => {
    for (const listener of listeners.get(id) ?? []) write(listener, kind, event);
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    studies: byId,
    asked,
    send,
    change(id, networks) {
      const study = byId.get(id);
      if (study === undefined) return;
      const changed = new Map(networks.map((network) => [network.name, network]));
      const all = study.state.networks.map((network) => changed.get(network.name) ?? network);
      study.state = { ...study.state, networks: all };
      send(id, 'networks', networks);
    },
    stop: () => closed(server),
    async start() {
      server = createServer((request, response) => void answer(context, request, response));
      await listen(port);
    },
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const write = (to: ServerResponse, kind: string, event: unknown): void => {
  to.write(`event: ${kind}\ndata: ${JSON.stringify(event)}\n\n`);
};

interface Context {
  readonly byId: ReadonlyMap<string, MadeStudyState>;
  readonly listeners: Map<string, Set<ServerResponse>>;
  readonly canControl: boolean;
  readonly asked: string[];
}

async function answer(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  context.asked.push(`${request.method ?? ''} ${url.pathname}${url.search}`);
  response.setHeader('Content-Security-Policy', policy);
  const parts = url.pathname.split('/').filter((part) => part !== '');
  if (parts[0] !== 'api') return asset(url.pathname, response);
  const [, , id = '', what, name] = parts.map(decodeURIComponent);
  if (id === '') {
    const list = [...context.byId.values()].map(({ state }) => state);
    const studies = list.map(({ id: own, name: title, directory }) => ({
      ...{ id: own, name: title, directory },
    }));
    return json(response, { version: '0.1.0', canControl: context.canControl, studies });
  }
  const study = context.byId.get(id);
  if (study === undefined) {
    const error = { message: `There is no study ${id} here.`, hint: 'Look at the list.' };
    return json(response, { error }, 404);
  }
  if (request.method === 'POST') return json(response, { ok: true });
  if (what === undefined) return json(response, study.state);
  if (what === 'events') return events(context, study, response);
  if (what === 'curves') return json(response, curves(study, url.searchParams));
  if (what === 'figures') return json(response, figures(context, study, url.searchParams));
  if (parts[5] === 'filters.png') return picture(response);
  return json(response, network(study, name ?? ''));
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

function asset(path: string, response: ServerResponse): void {
  const file = join(assets, path === '/' ? 'index.html' : path);
  if (!existsSync(file)) return json(response, { error: { message: 'none', hint: null } }, 404);
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain' });
  createReadStream(file).pipe(response);
}

function events({ listeners }: Context, study: MadeStudyState, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  write(response, 'study', study.state);
  const { id } = study.state;
  const own = listeners.get(id) ?? new Set();
  listeners.set(id, own.add(response));
  response.on('close', () => own.delete(response));
}

/** Accuracy after an iteration, from chance to the network's own. */
function made(network: NetworkState, index: number, what: string, at: number, last: number) {
  const end = network.accuracy ?? 0.1;
  const noise = 0.01 * Math.sin(index * 7 + at * 0.7) + 0.006 * Math.sin(at * 3.1);
  const rise = 1 - Math.exp((-5 * at) / last);
  return what !== 'accuracy'
    ? 2.3 * (1 - rise * end) + 5 * noise
    : 0.1 + (end - 0.1) * rise + noise;
}

function curves(study: MadeStudyState, query: URLSearchParams): CurvesAnswer {
  const what = query.get('what') ?? 'accuracy';
  const wanted = new Set(query.getAll('network'));
  const points = Number(query.get('points') ?? 400);
  const from = Number(query.get('from') ?? 0);
  const found = study.state.networks.flatMap((network, index) => {
    if (!wanted.has(network.name) || network.iteration === null) return [];
    const last = network.iterations;
    const to = Math.min(network.iteration, Number(query.get('to') ?? last));
    const step = last / study.points;
    const all = Array.from({ length: study.points }, (_, i) => Math.round((i + 1) * step));
    const inside = all.filter((at) => at >= from && at <= to);
    const stride = Math.max(1, Math.floor(inside.length / points));
    const iterations = inside.filter((_, i) => i % stride === 0 || i === inside.length - 1);
    const values = iterations.map((at) => made(network, index, what, at, last));
    return [{ network: network.name, iterations, values }];
  });
  return { curves: found };
}

function figures({ byId }: Context, study: MadeStudyState, query: URLSearchParams): FiguresAnswer {
  const resultsOf = (each: MadeStudyState) => {
    const ended = new Map(each.state.networks.map((network) => [network.name, network]));
    const { name, layers } = each.state;
    return buildResults({
      study: { name, weightLayers: layers, statistic: 'final' },
      networks: makeNetworks(each.made).map((network) => {
        const { state, accuracy } = ended.get(network.name) ?? network;
        const value = state === 'done' ? accuracy : null;
        return { ...network, state, accuracy: value, finalAccuracy: value };
      }),
    });
  };
  const other = byId.get(query.get('against') ?? '');
  const set = figuresOf(
    resultsOf(study),
    learningCurves(study),
    other === undefined ? null : resultsOf(other),
    makeMeasurements(makeNetworks(study.made), study.state.layers),
  );
  const theme = (query.get('theme') ?? 'light') as ThemeName;
  const room = (query.get('room') ?? 'wide') as Room;
  return {
    revision: study.state.figuresRevision,
    figures: set.figures.map((figure) => ({
      ...{ id: figure.id, title: figure.title, description: figure.caption },
      spec: figure.spec(theme, room),
    })),
    answers: [
      {
        question: 'Are features of early layers general?',
        verdict: 'supported',
        text: 'AnB at n = 1 and 2 is within 0.5 points of the base.',
      },
    ],
  };
}

function learningCurves({ state, points }: MadeStudyState): readonly LearningCurve[] {
  return state.networks.flatMap((network, index) => {
    if (network.iteration === null) return [];
    const last = network.iterations;
    const tests = Array.from({ length: Math.min(points, 12) }, (_, i) => {
      const iteration = Math.round(((i + 1) * last) / 12);
      const testAccuracy = made(network, index, 'accuracy', iteration, last);
      return { iteration, epoch: i + 1, testAccuracy };
    });
    return [{ name: network.name, tests }];
  });
}

function network(study: MadeStudyState, name: string): NetworkAnswer {
  const state = study.state.networks.find((each) => each.name === name);
  if (state === undefined) throw new Error(`no network ${name}`);
  const { source, n, treatment, target } = state;
  const frozen = treatment === 'AnB' || treatment === 'BnB' || treatment === 'random';
  const folder = name.slice(0, name.indexOf('/'));
  return {
    state,
    copiedFrom: source === null ? null : `${folder}/base${source}`,
    copiedBy: study.state.networks
      .filter((each) => treatment === 'base' && each.source === target)
      .map((each) => each.name)
      .slice(0, 40),
    layers: Array.from({ length: study.state.layers }, (_, i) => ({
      n: i + 1,
      name: `conv${i + 1} .. pool${i + 1}`,
      origin: i >= n ? 'new' : (source ?? 'random'),
      frozen: frozen && i < n,
      parameters: 1200 * (i + 1),
    })),
    freezeAudit: state.state === 'done' ? { tensors: frozen ? 2 * n : 0, changed: 0 } : null,
    facts: [
      { name: 'executor', value: 'onednn 2.6.3, AVX512_BF16' },
      { name: 'host', value: 'host1, 2 threads' },
      { name: 'seconds', value: '12.4' },
      { name: 'identity', value: '3f9c2a'.repeat(10) },
    ],
    tests: Array.from({ length: 12 }, (_, i) => ({
      iteration: 50 * (i + 1),
      accuracy: made(state, 1, 'accuracy', 50 * (i + 1), 600),
      loss: made(state, 1, 'loss', 50 * (i + 1), 600),
    })),
    failure: state.state === 'failed' ? (state.reason ?? 'unknown') : null,
    log: ['worker started', `${name}: 600 of 600 iterations`],
    reproduce: [`selffer reproduce ${study.state.directory} ${name}`],
    filters: treatment === 'base',
  };
}

async function picture(response: ServerResponse): Promise<void> {
  const create = { width: 60, height: 40, channels: 3 as const, background: '#3568c8' };
  response.writeHead(200, { 'Content-Type': 'image/png' });
  response.end(await sharp({ create }).png().toBuffer());
}
