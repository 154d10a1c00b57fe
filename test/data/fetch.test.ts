// Fetching over a real connection to a server of this machine: interruptions, wrong bytes, slow and
// unwilling servers.
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FetchError, UsageError } from '../../src/base/errors.js';
import { catalogue, type CatalogueEntry } from '../../src/data/fetch/catalogue.js';
import { fetchDataSet, mirrorAddress } from '../../src/data/fetch/fetch-data-set.js';
import type { FetchEvent } from '../../src/data/fetch/fetch-file.js';
import {
  type Answer,
  type FileServer,
  plain,
  sha256,
  stalled,
  startFileServer,
  status,
  whole,
} from './file-server.js';

const bytes = randomBytes(300_000);
const other = randomBytes(300_000);
const policy = { connectMs: 500, answerMs: 400, stallMs: 400, retries: 2, firstWaitMs: 10 };

let directory: string;
let path: string;
let events: FetchEvent[];
const servers: FileServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-fetch-'));
  path = join(directory, 'a.bin');
  events = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) await server.close();
  rmSync(directory, { recursive: true });
});

async function serve(...answers: Answer[]): Promise<FileServer> {
  const server = await startFileServer(...answers);
  servers.push(server);
  return server;
}

function entry(addresses: readonly string[], sum = sha256(bytes)): CatalogueEntry {
  return {
    ...{ name: 'made', title: 'made', page: 'page', licence: 'licence', source: '*.bin' },
    addresses,
    files: [{ name: 'a.bin', bytes: bytes.length, sha256: sum }],
  };
}

async function fetched(addresses: readonly string[], from: string | null = null) {
  const found = await fetchDataSet(
    entry(addresses),
    directory,
    from,
    (event) => events.push(event),
    policy,
  );
  expect(readFileSync(path).equals(bytes)).toBe(true);
  return found.files[0];
}

/** The message of the error that fetching ends with. */
async function refusal(addresses: readonly string[]): Promise<string> {
  const error = await fetched(addresses).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchError);
  expect((error as FetchError).exitCode).toBe(1);
  return (error as FetchError).message;
}

function remarks(): string[] {
  return events.flatMap((event) => (event.kind === 'remark' ? [event.text] : []));
}

const left = (): string[] => readdirSync(directory).sort();

test('a file is fetched, checked and named; a second time it is kept without a request', async () => {
  const { address, requests } = await serve(whole(bytes));
  expect(await fetched([address])).toMatchObject({ path, from: `${address}a.bin` });
  expect(events.at(-1)).toEqual({
    ...{ kind: 'progress', file: 'a.bin', at: bytes.length, bytes: bytes.length },
  });
  expect(left()).toEqual(['a.bin']);
  expect(await fetched([address])).toMatchObject({ from: null });
  expect(requests).toEqual(['GET /a.bin']);
});

test('a broken connection is gone on with, from the byte and of the version where it broke', async () => {
  const server = await serve(
    whole(bytes, { end: 120_000 }),
    whole(bytes, { end: 200_000 }),
    whole(bytes),
  );
  await fetched([server.address]);
  expect(server.requests).toEqual([
    'GET /a.bin',
    'GET /a.bin bytes=120000- "v1"',
    'GET /a.bin bytes=200000- "v1"',
  ]);
  expect(remarks()).toEqual([
    expect.stringMatching(/the connection broke off; trying again in 0\.01 s \(1 of 2\)$/),
    // Progress was made: it counts as the first failure again.
    expect.stringMatching(/the connection broke off; trying again in 0\.01 s \(1 of 2\)$/),
  ]);
});

test('what an earlier process has left is gone on with', async () => {
  const server = await serve(whole(bytes, { end: 120_000 }), status(404), whole(bytes));
  await refusal([server.address]);
  expect(left()).toEqual(['a.bin.part', 'a.bin.part.json']);
  await fetched([server.address]);
  expect(server.requests.at(-1)).toBe('GET /a.bin bytes=120000- "v1"');
  expect(left()).toEqual(['a.bin']);
});

test('another version at the server is fetched from its start', async () => {
  const server = await serve(whole(other, { tag: '"v0"', end: 120_000 }), whole(bytes));
  await fetched([server.address]);
  expect(server.requests).toEqual(['GET /a.bin', 'GET /a.bin bytes=120000- "v0"']);
});

test('a server that sends a range of another version despite If-Range is not believed', async () => {
  const careless: Answer = (request, response) => {
    delete request.headers['if-range'];
    whole(bytes, { tag: '"v2"' })(request, response);
  };
  const server = await serve(whole(other, { end: 120_000 }), careless);
  await fetched([server.address]);
  expect(server.requests).toHaveLength(3);
  expect(server.requests[2]).toBe('GET /a.bin');
});

test('without entity tags, bytes of two versions are found out by their sum and fetched anew', async () => {
  const server = await serve(plain(other, { end: 120_000 }), (request, response) => {
    whole(bytes)(request, response);
  });
  await fetched([server.address]);
  expect(server.requests).toEqual(['GET /a.bin', 'GET /a.bin bytes=120000-', 'GET /a.bin']);
  expect(remarks().at(-1)).toMatch(/what was begun earlier does not fit; starting again/);
});

test('a server without ranges is asked again from the start', async () => {
  const server = await serve(plain(bytes, { end: 120_000 }), plain(bytes));
  await fetched([server.address]);
  expect(server.requests).toEqual(['GET /a.bin', 'GET /a.bin bytes=120000-']);
});

test('an answer whose end is only the end of the connection, and comes too early, is gone on with', async () => {
  const old: Answer = (_, { socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
    socket?.end(bytes.subarray(0, 120_000));
  };
  const server = await serve(old, whole(bytes));
  await fetched([server.address]);
  expect(server.requests).toEqual(['GET /a.bin', 'GET /a.bin bytes=120000-']);
});

test('a weak entity tag is not used, the date of the last change is', async () => {
  const date = 'Wed, 25 Nov 2026 00:00:00 GMT';
  const weak: Answer = (_, response) => {
    response.writeHead(200, { etag: 'W/"v1"', 'last-modified': date });
    response.write(bytes.subarray(0, 120_000), () => setTimeout(() => response.destroy(), 50));
  };
  const server = await serve(weak, whole(bytes, { tag: date }));
  await fetched([server.address]);
  expect(server.requests[1]).toBe(`GET /a.bin bytes=120000- ${date}`);
});

test('a range that does not begin where it was asked for is not used', async () => {
  const shifted: Answer = (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 100000-299999/300000' });
    response.end(bytes.subarray(100_000));
  };
  const server = await serve(whole(bytes, { end: 120_000 }), shifted, whole(bytes));
  await fetched([server.address]);
  expect(server.requests[2]).toBe('GET /a.bin');
});

test('a connection that always breaks at the same place ends after the retries', async () => {
  const server = await serve(plain(bytes, { end: 120_000 }));
  expect(await refusal([server.address])).toMatch(/the connection broke off$/);
  // The first attempt made progress, so it is the first failure; then two retries.
  expect(server.requests).toHaveLength(1 + 2);
});

test('wrong bytes are named with both sums and set aside; the next address is asked', async () => {
  const [bad, good] = [await serve(whole(other)), await serve(whole(bytes))];
  expect(await fetched([bad.address, good.address])).toMatchObject({
    from: `${good.address}a.bin`,
  });
  const aside = `${path}.wrong-${sha256(other).slice(0, 8)}`;
  expect(remarks()[0]).toContain(
    `found a file with SHA-256 ${sha256(other)}, wanted ${sha256(bytes)}; set aside as ${aside}`,
  );
  expect(readFileSync(aside).equals(other)).toBe(true);
  expect(left()).toEqual(['a.bin', aside.slice(directory.length + 1)]);
});

test('wrong bytes from every address are an error', async () => {
  const { address } = await serve(whole(other));
  expect(await refusal([address])).toContain(sha256(other));
  expect(existsSync(path)).toBe(false);
});

test('a wrong file that is there is set aside and fetched', async () => {
  writeFileSync(path, 'mine');
  const { address } = await serve(whole(bytes));
  await fetched([address]);
  expect(readFileSync(`${path}.wrong-${sha256(Buffer.from('mine')).slice(0, 8)}`, 'utf8')).toBe(
    'mine',
  );
});

test('a part that is whole is only checked', async () => {
  const server = await serve(status(500));
  writeFileSync(`${path}.part`, bytes);
  await fetched([server.address]);
  expect(server.requests).toEqual([]);
});

test.each([
  ['empty', ''],
  ['damaged', '{"url": 3'],
])('a part of unknown origin (%s) is begun again', async (_, origin) => {
  const server = await serve(whole(bytes));
  writeFileSync(`${path}.part`, other.subarray(0, 1000));
  writeFileSync(`${path}.part.json`, origin);
  await fetched([server.address]);
  expect(server.requests).toEqual(['GET /a.bin']);
});

test('a file of another length is refused before it is fetched', async () => {
  const { address } = await serve(whole(bytes.subarray(0, 299_000)));
  expect(await refusal([address])).toMatch(/offers a file of 299,000 bytes, wanted 300,000$/);
  expect(left()).toEqual([]);
});

test('a server that sends without end is stopped', async () => {
  const { address } = await serve(plain(Buffer.concat([bytes, other])));
  expect(await refusal([address])).toMatch(/sends more than the 300,000 bytes wanted$/);
  expect(left()).toEqual([]);
});

test('a stalled answer is given up and gone on with', async () => {
  const server = await serve(stalled(bytes, 100_000), whole(bytes));
  await fetched([server.address]);
  expect(server.requests[1]).toBe('GET /a.bin bytes=100000- "v1"');
  expect(remarks()[0]).toMatch(/nothing came for 0\.4 s/);
});

test('a server that takes the request and never answers is given up', async () => {
  const { address } = await serve(() => undefined);
  expect(await refusal([address])).toMatch(/no answer within 0\.4 s$/);
});

test('a slow answer is waited for as long as something comes', async () => {
  const { address } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    const send = (at: number): void => {
      response.write(bytes.subarray(at, at + 50_000));
      if (at + 50_000 < bytes.length) setTimeout(send, 150, at + 50_000);
      else response.end();
    };
    send(0);
  });
  // 0.75 s in all, more than any wait allowed.
  await fetched([address]);
  expect(remarks()).toEqual([]);
});

test('503 is tried again, after the time that the server asks for', async () => {
  const server = await serve(status(503, { 'retry-after': '0.05' }), whole(bytes));
  await fetched([server.address]);
  expect(remarks()).toEqual([
    expect.stringMatching(/being repaired \(status 503\); trying again in 0\.05 s \(1 of 2\)$/),
  ]);
});

test('503 for ever ends after the retries', async () => {
  const server = await serve(status(503));
  expect(await refusal([server.address])).toMatch(/status 503/);
  expect(server.requests).toHaveLength(3);
});

test('404 is not tried again but at the next address; the error names both', async () => {
  const [a, b] = [await serve(status(404)), await serve(status(403))];
  expect(await refusal([a.address, b.address])).toBe(
    `a.bin could not be fetched:\n  ${a.address}a.bin: not there (status 404)\n  ${b.address}a.bin: access refused (status 403)`,
  );
  expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
});

test('redirects are followed, also when going on; endless ones are an error', async () => {
  const target = await serve(whole(bytes, { end: 120_000 }), whole(bytes));
  const moved = status(302, { location: `${target.address}elsewhere` });
  const { address } = await serve(moved);
  await fetched([address]);
  expect(target.requests).toEqual(['GET /elsewhere', 'GET /elsewhere bytes=120000- "v1"']);
  rmSync(path);
  const loop = await serve(status(302, { location: '/a.bin' }));
  expect(await refusal([loop.address])).toMatch(/redirected again and again \(status 302\)$/);
});

test('no server, and no name, end at once with what is wrong', async () => {
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => done(free));
    });
  });
  expect(await refusal([`http://127.0.0.1:${port}/`])).toMatch(/it refuses connections$/);
  // A reserved name (RFC 6761): found nowhere.
  expect(await refusal(['http://selffer.invalid/'])).toMatch(/its name cannot be found/);
  expect(remarks()).toEqual([]);
});

test('a mirror takes the place of the publisher; no address is wrong usage', async () => {
  const { address, requests } = await serve(whole(bytes));
  await fetched(['http://selffer.invalid/'], `${address}copies`);
  expect(requests).toEqual(['GET /copies/a.bin']);
  for (const wrong of ['copies', '/data', 'ftp://x/', 'file:///x']) {
    expect(() => mirrorAddress(wrong)).toThrow(UsageError);
  }
});

test('a proxy of the environment is used', async () => {
  const { address, requests } = await serve(whole(bytes));
  const { host } = new URL(address);
  const tunnel = await import('node:http').then(({ createServer: create }) =>
    create().on('connect', (_, client) => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      void import('node:net').then(({ connect }) => {
        const upstream = connect(Number(host.split(':')[1]), '127.0.0.1');
        client.pipe(upstream).pipe(client);
        for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
      });
    }),
  );
  await new Promise<void>((done) => tunnel.listen(0, '127.0.0.1', done));
  vi.stubEnv('http_proxy', `http://127.0.0.1:${(tunnel.address() as { port: number }).port}`);
  await fetched(['http://selffer.invalid/']);
  expect(requests).toEqual(['GET /a.bin']);
  tunnel.closeAllConnections();
  await new Promise((done) => tunnel.close(done));
});

test('a disk without room, or a folder that is a file, is said before anything is fetched', async () => {
  const { address, requests } = await serve(whole(bytes));
  const huge = { ...entry([address]), files: [{ name: 'a.bin', bytes: 1e18, sha256: '' }] };
  const refuse = fetchDataSet(huge, directory, null, () => undefined, policy);
  await expect(refuse).rejects.toThrow(/the disk is full: [0-9]+ MiB are free, made takes/);
  writeFileSync(join(directory, 'file'), '');
  const inFile = fetchDataSet(entry([address]), join(directory, 'file/x'), null, () => undefined);
  await expect(inFile).rejects.toThrow(/a folder above it is a file/);
  expect(requests).toEqual([]);
});

test('two processes do not fetch into one folder', async () => {
  const { address } = await serve(whole(bytes));
  const lock = join(directory, 'made.lock');
  writeFileSync(lock, `elsewhere 1\n`);
  await expect(fetched([address])).rejects.toThrow(/process 1 on elsewhere is fetching it/);
  rmSync(lock);
  await fetched([address]);
  expect(left()).toEqual(['a.bin']);
});

test('a file that is right keeps its date', async () => {
  writeFileSync(path, bytes);
  utimesSync(path, 1000, 1000);
  const { address } = await serve(status(404));
  await fetched([address]);
  expect(statSync(path).mtimeMs).toBe(1_000_000);
});

test('the catalogue is whole: addresses, sums, sizes, terms', () => {
  expect(catalogue.map(({ name }) => name)).toEqual([
    ...['cifar10', 'cifar100', 'tiny-imagenet', 'mnist'],
  ]);
  for (const { addresses, files, licence, page } of catalogue) {
    for (const address of addresses) expect(mirrorAddress(address)).toBe(address);
    expect(new URL(page).protocol).toMatch(/^https?:$/);
    expect(licence).not.toBe('');
    for (const { sha256: sum, bytes: size } of files) {
      expect(sum).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(4000);
    }
  }
});
