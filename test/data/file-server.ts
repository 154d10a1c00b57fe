// A web server of this machine that serves one file, well or badly, as each test says.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server until it is closed: the first request gets the first answer, the second the next, all
 *  further ones the last. */
export interface FileServer {
  /** Base address, ending in "/". */
  readonly address: string;
  /** "GET /a Range If-Range" of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export async function startFileServer(...answers: Answer[]): Promise<FileServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const { range, 'if-range': version } = headers;
    const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer;
    requests.push([method, url, range, version].filter((part) => part !== undefined).join(' '));
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A server as it should be: ranges, a strong entity tag, If-Range. `end` breaks the connection
 *  before that byte. */
export function whole(bytes: Buffer, { tag = '"v1"', end = Infinity } = {}): Answer {
  return ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
    const start = isSame ? from : 0;
    if (start >= bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length - start,
      'accept-ranges': 'bytes',
      etag: tag,
      ...(start > 0
        ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
        : {}),
    });
    sendUntil(response, bytes.subarray(start, Math.max(start, end)), end < bytes.length);
  };
}

/** A server without ranges, entity tags or lengths. */
export function plain(bytes: Buffer, { end = Infinity } = {}): Answer {
  return (_, response) => {
    response.writeHead(200);
    sendUntil(response, bytes.subarray(0, end), end < bytes.length);
  };
}

function sendUntil(response: ServerResponse, bytes: Buffer, isBroken: boolean): void {
  if (!isBroken) response.end(bytes);
  // Destroyed at once, what was written would not all arrive.
  else response.write(bytes, () => setTimeout(() => response.destroy(), 50));
}

/** Sends `end` bytes and then nothing, without an end. */
export function stalled(bytes: Buffer, end: number): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: '"v1"' });
    response.write(bytes.subarray(0, end));
  };
}

/** A status, with headers. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_, response) => void response.writeHead(code, headers).end('<h1>sorry</h1>');
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
