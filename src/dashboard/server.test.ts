// The server over real HTTP: what it answers, and what it does with those who mean harm.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endNetwork, writeMadeFolder } from '../../bench/page/made-folder.js';
import { writeMeasurementsOf } from '../../test/made-measurements.js';
import { networkFiles } from '../runs/files.js';
import { readPlanFile } from '../study/store/plan-file.js';
import type { Plan } from '../study/plan/plan.js';
import type { CurvesAnswer, FiguresAnswer, StudiesAnswer, StudyState } from './api.js';
import { type Dashboard, openDashboard } from './dashboard.js';
import { findStudies } from './find-studies.js';

const SECRET = 'of-somebody-else';
const HOSTILE = '<script>document.title="ran"</script>\r\nX-Evil: 1\u001b]0;x\u0007';

let root: string;
let directory: string;
let plan: Plan;
let page: Dashboard;
let port: number;
let id: string;
const errors: unknown[] = [];

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'selffer-server-')));
  writeFileSync(join(root, 'secret.txt'), SECRET);
  directory = join(root, 'studies/one');
  plan = writeMadeFolder(directory, { splits: 2, tests: 100, waiting: 10 });
  mkdirSync(join(root, 'studies/two'));
  mkdirSync(join(root, 'page/assets'), { recursive: true });
  writeFileSync(join(root, 'page/index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(root, 'page/assets/index-0a1b2c3d.js'), 'export {};');
  symlinkSync(join(root, 'secret.txt'), join(root, 'page/assets/secret.txt'));
  page = await openDashboard({
    studies: findStudies([directory, join(root, 'studies/two')]),
    port: 0,
    page: join(root, 'page'),
    onError: (error) => errors.push(error),
  });
  port = Number(new URL(page.url).port);
  id = (JSON.parse((await get('/api/studies')).body) as StudiesAnswer).studies[0]?.id ?? '';
});
afterAll(async () => {
  await page.close();
  rmSync(root, { recursive: true });
  expect(errors).toEqual([]);
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

// Not `fetch`, which forbids some headers and cleans paths.
function ask(
  method: string,
  path: string,
  {
    headers = {},
    body,
    to = port,
  }: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly to?: number;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: to, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask('GET', path, { headers });

/** Raw bytes, and all that comes back until the server closes, or for a second. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const timer = setTimeout(() => socket.destroy(), 1000);
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => (clearTimeout(timer), resolve(heard)));
  });
}

describe('what is asked for', () => {
  test('studies, one of them, and one that holds nothing', async () => {
    const { body, headers, status } = await get('/api/studies');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const { studies, canControl } = JSON.parse(body) as StudiesAnswer;
    expect(canControl).toBe(true);
    expect(studies.map(({ name }) => name)).toEqual(['made', 'two']);
    const one = JSON.parse((await get(`/api/studies/${id}`)).body) as StudyState;
    expect(one.networks).toHaveLength(108);
    expect(one.run).toMatchObject({ state: 'idle', holder: null });
    const two = JSON.parse((await get(`/api/studies/${studies[1]?.id}`)).body) as StudyState;
    expect(two.problems[0]).toContain('found no plan.json');
    expect(two.name).toBe('two');
  });

  test('curves, thinned and cut', async () => {
    const names = ['split0/baseA', 'split1/A3B', 'nobody'];
    const query = names.map((name) => `network=${encodeURIComponent(name)}`).join('&');
    const read = async (more: string) =>
      JSON.parse((await get(`/api/studies/${id}/curves?${query}${more}`)).body) as CurvesAnswer;
    const whole = await read('');
    expect(whole.curves.map(({ network }) => network)).toEqual(names.slice(0, 2));
    expect(whole.curves[0]?.values).toHaveLength(100);
    const few = await read('&points=40&what=trainLoss&from=200&to=1900');
    expect(few.curves[0]?.iterations.length).toBeLessThanOrEqual(40);
    expect(few.curves[0]?.iterations.at(0)).toBe(200);
    expect(few.curves[0]?.iterations.at(-1)).toBe(1900);
    expect(few.curves[0]?.values[0]).toBeCloseTo(2 * (1 - (whole.curves[0]?.values[9] ?? 0)), 10);
  });

  test('figures and answers, of one study and beside another', async () => {
    const figures = JSON.parse((await get(`/api/studies/${id}/figures`)).body) as FiguresAnswer;
    const ids = figures.figures.map((figure) => figure.id);
    expect(ids).toContain('figure2-bottom-matched');
    expect(ids).toContain('figure3');
    expect(ids).toContain('learning-curves');
    expect(ids).not.toContain('linear-probes');
    expect(figures.answers.length).toBeGreaterThan(16);
    const dark = await get(`/api/studies/${id}/figures?theme=dark&room=narrow&against=${id}`);
    expect(dark.status).toBe(200);
    expect(dark.body).not.toBe(JSON.stringify(figures));
    expect((await get(`/api/studies/${id}/figures?against=nobody`)).status).toBe(404);
    const { studies } = JSON.parse((await get('/api/studies')).body) as StudiesAnswer;
    expect((await get(`/api/studies/${studies[1]?.id}/figures`)).status).toBe(409);
  });

  test('a network, and that there is none', async () => {
    const { body } = await get(`/api/studies/${id}/networks/split0%2FA3B%2B`);
    expect(JSON.parse(body)).toMatchObject({
      state: { name: 'split0/A3B+', state: 'done' },
      copiedFrom: 'split0/baseA',
      copiedBy: [],
      freezeAudit: { tensors: 0, changed: 0 },
      reproduce: [`selffer reproduce ${directory} split0/A3B+`],
      filters: false,
    });
    const { layers, tests } = JSON.parse(body) as { layers: object[]; tests: object[] };
    expect(layers).toMatchObject([
      { n: 1, name: 'conv1 .. pool1', origin: 'A', frozen: false, parameters: 416 },
      { n: 2, origin: 'A' },
      { n: 3, origin: 'A' },
      { n: 4, origin: 'new' },
      { n: 5, origin: 'new' },
      { n: 6, origin: 'new' },
    ]);
    expect(tests).toHaveLength(50);
    expect((await get(`/api/studies/${id}/networks/split0%2FA3B/filters.png`)).status).toBe(404);
    expect((await get(`/api/studies/${id}/networks/nobody`)).status).toBe(404);
  });

  test('the page’s own files, and those alone', async () => {
    const index = await get('/');
    expect(index.body).toContain('<title>page');
    expect(index.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(index.headers['content-security-policy']).toMatch(
      /^default-src 'self'.*frame-ancestors 'none'/,
    );
    expect(index.headers['content-security-policy']).not.toContain('unsafe');
    const script = await get('/assets/index-0a1b2c3d.js');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await get('/assets/secret.txt')).status).toBe(404);
    expect((await ask('HEAD', '/')).body).toBe('');
  });
});

/** Events of a study as they come, until `enough`. */
function listen(enough: (events: readonly string[]) => boolean): {
  readonly heard: Promise<readonly string[]>;
} {
  const events: string[] = [];
  let text = '';
  const heard = new Promise<readonly string[]>((resolve, reject) => {
    const path = `/api/studies/${id}/events`;
    const asked = request({ host: '127.0.0.1', port, path }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const whole = text.split('\n\n');
        text = whole.pop() ?? '';
        events.push(...whole);
        if (!enough(events)) return;
        asked.destroy();
        resolve(events);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
  return { heard };
}

test('events: everything first, then what changes, and the figures that have', async () => {
  const { name, identity } = plan.networks.at(-1)!;
  const { heard } = listen((events) => {
    if (events.length === 1) endNetwork(directory, { name, identity }, 3, 5);
    return events.some((each) => each.startsWith('event: figures'));
  });
  const events = (await heard).map((each) => {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(each) ?? [];
    return { event, data: JSON.parse(data ?? 'null') as unknown };
  });
  expect(events[0]).toMatchObject({ event: 'study', data: { id, layers: 6 } });
  const networks = events.find(({ event }) => event === 'networks');
  expect(networks?.data).toMatchObject([{ name, state: 'done', iteration: 100 }]);
});

test('figures of what was measured, as soon as it is', async () => {
  const idsNow = async () => {
    const { body } = await get(`/api/studies/${id}/figures`);
    return (JSON.parse(body) as FiguresAnswer).figures.map((figure) => figure.id);
  };
  writeMeasurementsOf(directory, readPlanFile(directory)?.networks ?? [], 6);
  await expect.poll(idsNow, { timeout: 10_000 }).toContain('linear-probes');
  rmSync(join(directory, 'measurements.json'));
  await expect.poll(idsNow, { timeout: 10_000 }).not.toContain('linear-probes');
});

describe('other sites', () => {
  const json = { 'X-Selffer': '1', 'Content-Type': 'application/json' };
  const stop = (headers: Readonly<Record<string, string>>, body = '{}'): Promise<Answer> =>
    ask('POST', `/api/studies/${id}/stop`, { headers, body });

  test.each([
    'evil.example',
    'evil.example:7733',
    '127.0.0.1.evil.example',
    'localhost.',
    'a@localhost',
    '[::1].evil',
    '169.254.0.1',
  ])('a name that is made to point here is refused: %j', async (host) => {
    for (const path of ['/', '/api/studies', `/api/studies/${id}/events`]) {
      const { status, body } = await get(path, { Host: host });
      expect([path, status]).toEqual([path, 403]);
      expect(JSON.parse(body).error.message).toMatch(/this server is not known as/);
    }
    expect((await stop({ ...json, Host: host })).status).toBe(403);
  });

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST:80', 'localhost:8000'])(
    'our own names pass, through tunnels too: %s',
    async (host) => expect((await get('/api/studies', { Host: host })).status).toBe(200),
  );

  test.each([
    [{ Origin: 'http://evil.example' }],
    [{ Origin: 'null' }],
    [{ Origin: 'http://localhost:1' }],
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
  ])('their pages can neither change nor read anything: %j', async (headers) => {
    expect((await stop({ ...json, ...headers })).status).toBe(403);
    expect((await get('/api/studies', headers)).status).toBe(403);
  });

  test('nor can their forms', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect((await stop({ 'Content-Type': form })).status).toBe(403);
    expect((await stop({ 'Content-Type': 'text/plain', 'X-Selffer': '1' })).status).toBe(415);
    expect((await stop({ 'Content-Type': 'application/json' })).status).toBe(403);
    // Ours is heard: there is only nothing to stop.
    const ours = { ...json, Origin: `http://localhost:${port}`, Host: `localhost:${port}` };
    expect((await stop(ours)).status).toBe(409);
  });

  test('no answer lets another site read it', async () => {
    const { headers } = await ask('OPTIONS', '/api/studies', {
      headers: { Origin: `http://127.0.0.1:${port}`, 'Access-Control-Request-Method': 'POST' },
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('paths', () => {
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/assets//../../secret.txt',
    '/%00',
    '/assets/secret.txt%00.js',
    '/.git/config',
    '/assets/',
    '/index.html/..',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(path);
    expect([path, status]).toEqual([path, 404]);
    expect(body).not.toContain(SECRET);
  });

  test.each(['..', '../..', '../../../secret.txt', 'split0/../../../secret.txt', '__proto__', ''])(
    'nor does the name of a network: %j',
    async (name) => {
      for (const end of ['', '/filters.png']) {
        const path = `/api/studies/${id}/networks/${encodeURIComponent(name)}${end}`;
        const { status, body } = await get(path);
        expect(status).toBe(404);
        expect(body).not.toContain(SECRET);
      }
      const curves = await get(`/api/studies/${id}/curves?network=${encodeURIComponent(name)}`);
      expect(JSON.parse(curves.body)).toEqual({ curves: [] });
    },
  );

  test.each<[string, string]>([
    ['a word of JavaScript', 'constructor'],
    ['another', '__proto__'],
    ['upwards', '..'],
    ['upwards in code', '%2e%2e'],
    ['a long one', 'x'.repeat(3000)],
  ])('nor the id of a study: %s', async (_, other) => {
    expect((await get(`/api/studies/${other}`)).status).toBe(404);
    expect((await get(`/api/studies/${other}/events`)).status).toBe(404);
  });

  test.each([
    ['half a %', '/api/studies/%', 400],
    ['no digits', '/%zz', 400],
    ['not UTF-8', '/%c0%ae%c0%ae/', 400],
    ['no question', '/api/nothing', 404],
    ['the root of questions', '/api', 404],
    ['too long', `/${'x'.repeat(40_000)}`, 414],
  ])('a path: %s', async (_, path, status) => expect((await get(path)).status).toBe(status));

  test.each([
    'what=constructor',
    'points=many',
    'points=NaN',
    'from=',
    'to=1e999',
    `many=1&${Array.from({ length: 600 }, () => 'network=a').join('&')}`,
  ])('curves that cannot be: %.10s', async (query) => {
    const { status, body } = await get(`/api/studies/${id}/curves?${query}`);
    expect(status).toBe(400);
    expect(JSON.parse(body).error.message).toMatch(/found .*, wanted/);
  });

  test.each(['points=1e12', 'points=-5', 'from=-1e300&to=1e300', 'from=9&to=3'])(
    'curves of odd measures are answered: %s',
    async (query) => {
      const path = `/api/studies/${id}/curves?network=split0%2FbaseA&${query}`;
      expect((await get(path)).status).toBe(200);
    },
  );
});

describe('requests that are too large, or are not requests', () => {
  const start = `POST /api/studies/x/start HTTP/1.1\r\nHost: localhost\r\nX-Selffer: 1\r\nContent-Type: application/json\r\n`;

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND'])('%s', async (method) => {
    expect((await ask(method, `/api/studies/${id}`)).status).toBe(405);
    expect((await ask(method, '/')).status).toBe(405);
  });

  test('a body of 64 KiB is read, no more', async () => {
    const headers = { 'X-Selffer': '1', 'Content-Type': 'application/json' };
    const path = `/api/studies/${id}/stop`;
    const post = (body: string) => ask('POST', path, { headers, body });
    expect((await post('x'.repeat(65_537))).status).toBe(413);
    expect((await post('x'.repeat(65_536))).status).toBe(400);
    for (const body of ['', '[]', '1', 'null', '{"a":'])
      expect((await post(body)).status).toBe(400);
    expect((await post(`{"a":"${'x'.repeat(60_000)}"}`)).status).toBe(409);
  });

  test('one without end is cut off', async () => {
    const endless = `${start.replace('/x/', `/${id}/`)}Transfer-Encoding: chunked\r\n\r\n`;
    const heard = await raw(endless + `ffff\r\n${'x'.repeat(65_535)}\r\n`.repeat(40));
    expect(heard).toMatch(/^HTTP\/1\.1 413 .*\r\n[^]*Connection: close/);
  });

  test.each([
    ['zeros', '\0\0\0\0', 400],
    ['a word', 'GET\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['another version', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400],
    ['a long header', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(60_000)}\r\n\r\n`, 431],
    ['many headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(40_000)}\r\n`, 431],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 400],
    ['a proxy’s request', 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['an empty host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', 403],
    ['no path', 'GET nothing HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['a zero in the path', 'GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['a length below 0', 'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n', 400],
    ['other lengths', `${start}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ['a wrong chunk', `${start}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ])('%s', async (_, text, status) => {
    const heard = await raw(text);
    expect(Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1])).toBe(status);
    expect(heard).not.toMatch(/\bat .*:\d+:\d+/);
  });

  test('no other protocol is spoken', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await raw(`GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}`)).toBe('');
    expect(await raw('CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('');
  });

  test('it still answers', async () => expect((await get(`/api/studies/${id}`)).status).toBe(200));
});

test('hostile words of a folder are told as they are, as JSON that no browser shows', async () => {
  const { failure } = networkFiles(directory, 'split1/A5A');
  mkdirSync(dirname(failure), { recursive: true });
  writeFileSync(failure, JSON.stringify({ message: HOSTILE }));
  rmSync(networkFiles(directory, 'split1/A5A').record, { force: true });
  // Networks that have ended are looked at in every tenth look.
  const { heard } = listen((events) => events.some((each) => each.includes('document.title')));
  const events = await heard;
  for (const each of events) expect(each).toMatch(/^event: \w+\ndata: [^\n\r]*$/);
  const { body, headers } = await get(`/api/studies/${id}/networks/split1%2FA5A`);
  expect(JSON.parse(body)).toMatchObject({ failure: HOSTILE });
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['x-evil']).toBeUndefined();
});

describe('a server that others can reach', () => {
  let open: Dashboard;
  let there: number;
  let token: string;
  beforeAll(async () => {
    const studies = findStudies([directory]);
    open = await openDashboard({ studies, port: 0, host: '0.0.0.0', page: join(root, 'page') });
    there = Number(new URL(open.url).port);
    token = new URL(open.url).searchParams.get('token') ?? '';
  });
  afterAll(() => open.close());
  const from = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    ask('GET', path, { headers, to: there });

  test('nothing is told without its token, which a cookie keeps', async () => {
    expect(token).toMatch(/^[\w-]{32}$/);
    for (const path of ['/', '/assets/index-0a1b2c3d.js', '/api/studies', '/nothing']) {
      expect([path, (await from(path)).status]).toEqual([path, 401]);
    }
    for (const wrong of ['', token.slice(1), `${token}x`, token.toLowerCase()]) {
      expect((await from(`/?token=${wrong}`)).status).toBe(401);
    }
    expect((await from(`/api/studies?token=${token}`)).status).toBe(401);
    const { status, headers } = await from(`/?token=${token}`);
    expect(status).toBe(200);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toBe(`selffer-${there}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    const kept = { Cookie: `other=1; selffer-${there}=${token}` };
    expect((await from('/api/studies', kept)).status).toBe(200);
    expect((await from('/assets/index-0a1b2c3d.js', kept)).status).toBe(200);
    expect((await from('/api/studies', { Authorization: `Bearer ${token}` })).status).toBe(200);
    const otherSite = { ...kept, Host: 'evil.example' };
    expect((await from('/api/studies', otherSite)).status).toBe(403);
  });
});

test('one that only shows', async () => {
  const studies = findStudies([directory]);
  const shown = await openDashboard({ studies, port: 0, isReadOnly: true, wantsToken: true });
  const { port: to, searchParams } = Object.assign(new URL(shown.url));
  const headers = {
    Authorization: `Bearer ${searchParams.get('token')}`,
    ...{ 'X-Selffer': '1', 'Content-Type': 'application/json' },
  };
  for (const what of ['start', 'stop']) {
    const path = `/api/studies/${id}/${what}`;
    const answer = await ask('POST', path, { headers, body: '{}', to: Number(to) });
    expect(answer.status).toBe(403);
  }
  await shown.close();
});

test('a port that is in use, and an address that is not ours', async () => {
  const studies = findStudies([directory]);
  await expect(openDashboard({ studies, port })).rejects.toThrow(/localhost:\d+ is in use/);
  await expect(openDashboard({ studies, host: '192.0.2.1', port: 0 })).rejects.toThrow(
    /192\.0\.2\.1:0 is not an address of this machine/,
  );
});
