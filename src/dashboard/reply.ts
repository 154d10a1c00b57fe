// Answers to requests, with the headers that every answer has.
import type { ServerResponse } from 'node:http';
import { SelfferError } from '../base/errors.js';
import type { ErrorAnswer } from './api.js';
import { Refusal } from './refusal.js';

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  /** Cache-Control. */
  readonly cache: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Nothing from elsewhere, no frames, no guessing of types, no word to other sites. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** An object as an answer. */
export function jsonReply(value: object, status = 200): Reply {
  return jsonText(JSON.stringify(value), status);
}

/** JSON that is there already. */
export function jsonText(body: string, status = 200): Reply {
  return { status, type: 'application/json; charset=utf-8', cache: 'no-store', body };
}

/** What a failure is told as. Mistakes of ours tell nothing of the inside. */
export function errorReply(error: unknown): Reply {
  const isOurs = error instanceof SelfferError && error.code !== 'internal';
  const message = isOurs ? error.message : 'the server has made a mistake';
  const hint = isOurs ? (error.hint ?? null) : 'SELFFER_DEBUG=1 shows it where it was started.';
  const answer: ErrorAnswer = { error: { message, hint } };
  return jsonReply(answer, error instanceof Refusal ? error.status : 500);
}

/** Sends a whole answer. */
export function send(response: ServerResponse, reply: Reply): void {
  const { status, type, cache, body, headers = {} } = reply;
  response.writeHead(status, {
    ...commonHeaders,
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': cache,
  });
  response.end(body);
}
