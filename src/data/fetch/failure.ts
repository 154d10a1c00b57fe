// What can go wrong between here and a server, in words, and whether trying again may help.
import { FetchError } from '../../base/errors.js';

/** Why one request did not bring the file. */
export class TransferFailure extends FetchError {
  /** May be gone at the next attempt. */
  readonly isPassing: boolean;
  /** No connection came about: where nothing has come yet, waiting seldom helps. */
  readonly isUnreachable: boolean;
  /** How long the server asks to wait; null if it says nothing. */
  readonly waitMs: number | null;

  constructor(
    message: string,
    is: {
      readonly passing?: boolean;
      readonly unreachable?: boolean;
      readonly waitMs?: number | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: is.cause });
    this.isPassing = is.passing ?? false;
    this.isUnreachable = is.unreachable ?? false;
    this.waitMs = is.waitMs ?? null;
  }
}

/** How long is waited for what, and how often it is tried again. */
export interface FetchPolicy {
  readonly connectMs: number;
  /** Between the request and the head of the answer. */
  readonly answerMs: number;
  /** Between two pieces of the body. */
  readonly stallMs: number;
  /** Attempts after the first, without noticeable progress. */
  readonly retries: number;
  /** Before the first retry; doubled before each further one. */
  readonly firstWaitMs: number;
}

/** Patience for servers of universities. */
export const usualPolicy: FetchPolicy = {
  connectMs: 15_000,
  answerMs: 60_000,
  stallMs: 30_000,
  retries: 5,
  firstWaitMs: 1000,
};

const unreachable: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be found (no network, or no such server)',
  EAI_AGAIN: 'its name cannot be found (no network, or no such server)',
  ECONNREFUSED: 'it refuses connections',
  ENETUNREACH: 'there is no way to it (no network)',
  EHOSTUNREACH: 'there is no way to it (no network)',
  ETIMEDOUT: 'it does not answer',
};

const brokenOff = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** The failure behind an error of the network. */
export function networkFailure(cause: unknown, url: string, policy: FetchPolicy): TransferFailure {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const { host } = new URL(url);
  const seconds = (ms: number) => `${ms / 1000} s`;
  if (code in unreachable) {
    return new TransferFailure(`${host}: ${unreachable[code]}`, {
      ...{ passing: true, unreachable: true, cause },
    });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    const text = `${host}: no connection within ${seconds(policy.connectMs)}`;
    return new TransferFailure(text, { passing: true, unreachable: true, cause });
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    const text = `${host}: no answer within ${seconds(policy.answerMs)}`;
    return new TransferFailure(text, { passing: true, cause });
  }
  if (code === 'UND_ERR_BODY_TIMEOUT') {
    const text = `${host}: nothing came for ${seconds(policy.stallMs)}`;
    return new TransferFailure(text, { passing: true, cause });
  }
  if (brokenOff.has(code)) {
    return new TransferFailure(`${host}: the connection broke off`, { passing: true, cause });
  }
  // Certificates, broken HTTP, a wrong proxy: the same next time.
  return new TransferFailure(`${host}: ${message}${code === '' ? '' : ` (${code})`}`, { cause });
}

/** The failure that a status stands for. @param retryAfter the header, if there is one */
export function statusFailure(
  status: number,
  url: string,
  retryAfter: string | undefined,
): TransferFailure {
  const passing = status >= 500 || status === 408 || status === 429;
  const words = statusWords[status] ?? (status >= 500 ? 'the server has a fault' : 'refused');
  const seconds = Number(retryAfter);
  return new TransferFailure(`${url}: ${words} (status ${status})`, {
    passing,
    waitMs: seconds > 0 ? Math.min(seconds, LONGEST_WAIT_S) * 1000 : null,
  });
}

const LONGEST_WAIT_S = 60;

const statusWords: Readonly<Record<number, string>> = {
  301: 'redirected again and again',
  302: 'redirected again and again',
  307: 'redirected again and again',
  308: 'redirected again and again',
  401: 'wants a password',
  403: 'access refused',
  404: 'not there',
  407: 'the proxy wants a password',
  410: 'no longer there',
  429: 'too many requests',
  503: 'the server is overloaded or being repaired',
};
