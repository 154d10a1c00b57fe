// The server of the live page: on this machine alone unless told otherwise. Every request may come
// from somebody who means harm; access.ts says who is let in, routes.ts what can be asked.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { SelfferError } from '../base/errors.js';
import { systemError } from '../base/system-error.js';
import { type Access, admit } from './access.js';
import type { Assets } from './assets.js';
import { addressesOf, isLoopback, urlHost } from './hosts.js';
import { Refusal } from './refusal.js';
import { errorReply, type Reply, send } from './reply.js';
import { matched, readBody, targetOf } from './request.js';
import { routes, type Served } from './routes.js';

/** How a server is opened. */
export interface ServerOptions {
  readonly served: Served;
  readonly assets: Assets;
  /** Name or address to listen at. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whether a token is wanted even where only this machine can ask. */
  readonly wantsToken: boolean;
  /** Hears of mistakes of ours. */
  readonly onError: (error: unknown) => void;
}

/** A server that listens. */
export interface OpenServer {
  /** With the token, if there is one. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** So many connections at once; a browser takes six. */
const MOST_CONNECTIONS = 256;

/** Opens the server. @throws SelfferError if it cannot listen there */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { host, wantsToken } = options;
  const token = wantsToken || !isLoopback(host) ? randomBytes(24).toString('base64url') : null;
  const server = createServer({ maxHeaderSize: 48 * 1024, connectionsCheckingInterval: 2000 });
  server.maxConnections = MOST_CONNECTIONS;
  server.headersTimeout = 10_000;
  server.requestTimeout = 20_000;
  server.keepAliveTimeout = 5000;
  // Of silence; those that listen for events hear something more often than that.
  server.timeout = 60_000;
  server.on('clientError', refuseBytes);
  for (const event of ['upgrade', 'connect'] as const) {
    server.on(event, (_: IncomingMessage, socket: Socket) => socket.destroy());
  }
  const port = await listen(server, options);
  const access: Access = { hosts: addressesOf(host), token, cookie: `selffer-${port}` };
  server.on('request', (request, response) => void answer(request, response, options, access));
  return {
    url: `http://${urlHost(host)}:${port}/${token === null ? '' : `?token=${token}`}`,
    port,
    close: () => closeServer(server),
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SelfferError {
  const place = `${urlHost(host)}:${port}`;
  const words: Readonly<Record<string, readonly [string, string]>> = {
    EADDRINUSE: ['is in use', 'Give another --port, or 0 for any that is free.'],
    EACCES: ['is not allowed', 'Give a --port above 1023.'],
    EADDRNOTAVAIL: ['is not an address of this machine', 'Give another --host.'],
    ENOTFOUND: ['is not a known name', 'Give another --host.'],
  };
  const [problem, hint] = words[error.code ?? ''] ?? [error.message, 'Give another --host.'];
  return new SelfferError('usage', `${place} ${problem}`, { hint, cause: error });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  access: Access,
): Promise<void> {
  try {
    const reply = await replyTo(request, response, options, access);
    if (reply !== null) send(response, reply);
  } catch (error) {
    // Whoever asked has gone meanwhile.
    if (response.destroyed) return;
    const told = systemError(error) ?? error;
    if (!(told instanceof SelfferError)) options.onError(error);
    if (response.headersSent) response.destroy();
    else refuse(request, response, errorReply(told));
  }
}

// What is left of a refused request is not read: it may be without end.
function refuse(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const isRead = request.complete;
  send(response, isRead ? reply : { ...reply, headers: { Connection: 'close' } });
  if (!isRead) response.once('finish', () => request.destroy());
}

async function replyTo(
  request: IncomingMessage,
  response: ServerResponse,
  { served, assets }: ServerOptions,
  access: Access,
): Promise<Reply | null> {
  const { headers, method = 'GET', url = '' } = request;
  const { words, query } = targetOf(url);
  if ((request.headersDistinct['host'] ?? []).length > 1) throw new Refusal(400, 'found two hosts');
  const isApi = words[0] === 'api';
  const isPage = words.length === 1 && words[0] === '';
  const token = isPage ? query.get('token') : null;
  admit({ method, headers, isApi, token }, access);
  const verb = method === 'HEAD' ? 'GET' : method;
  if (verb !== 'GET' && verb !== 'POST') throw new Refusal(405, 'wanted GET or POST');
  if (!isApi) {
    if (verb !== 'GET') throw new Refusal(405, 'wanted GET');
    const page = await assets.answer(`/${words.join('/')}`);
    return token === null ? page : { ...page, headers: cookieOf(access) };
  }
  let isKnown = false;
  for (const route of routes) {
    const found = matched(route.path, words);
    if (found === null) continue;
    isKnown = true;
    if (route.method !== verb) continue;
    if (verb === 'POST') await readBody(request);
    return route.answer(served, { words: found, query, response });
  }
  if (isKnown) throw new Refusal(405, `this cannot be asked for with ${method}`);
  throw new Refusal(404, 'there is nothing to be asked here');
}

// From then on the browser shows it by itself, to this server's page alone.
function cookieOf({ cookie, token }: Access): Readonly<Record<string, string>> {
  return { 'Set-Cookie': `${cookie}=${token}; Path=/; HttpOnly; SameSite=Strict` };
}

// Bytes that are not a request.
function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large' }[error.code ?? ''] ??
    (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request');
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
