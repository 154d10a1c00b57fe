// One request: asks for what is missing of a file and appends what comes to its part.
import { type Dispatcher, request } from 'undici';
import { FetchError } from '../../base/errors.js';
import { type FetchPolicy, networkFailure, statusFailure, TransferFailure } from './failure.js';
import type { PartFile } from './part-file.js';

/** What is asked for, and over what. */
export interface Transfer {
  readonly url: string;
  /** Bytes of the whole file. */
  readonly bytes: number;
  readonly dispatcher: Dispatcher;
  readonly policy: FetchPolicy;
  /** Called after each piece. */
  readonly onPiece: () => void;
}

type Answer = Dispatcher.ResponseData;

/** Fills the part from `url`. Bytes of the same address are resumed (Range; If-Range with the
 *  version they were of); where the server has no ranges or another version, the part starts again.
 *  @returns the byte at which the answer began
 *  @throws TransferFailure; FetchError if the disk fails */
export async function transfer(part: PartFile, asked: Transfer): Promise<number> {
  const { url, dispatcher, policy } = asked;
  const known = part.origin?.url === url ? part.origin : null;
  if (known === null && part.size > 0) part.restart(null);
  try {
    const answer = await request(url, {
      dispatcher,
      headers: { 'user-agent': 'selffer', ...rangeHeaders(part.size, known?.validator ?? null) },
      headersTimeout: policy.answerMs,
      bodyTimeout: policy.stallMs,
      maxRedirections: 5,
    });
    return await receive(part, answer, asked);
  } catch (error) {
    throw error instanceof FetchError ? error : networkFailure(error, url, policy);
  }
}

function rangeHeaders(size: number, validator: string | null): Record<string, string> {
  if (size === 0) return {};
  return { range: `bytes=${size}-`, ...(validator === null ? {} : { 'if-range': validator }) };
}

async function receive(part: PartFile, answer: Answer, asked: Transfer): Promise<number> {
  const { url, bytes } = asked;
  const start = startOf(part, answer);
  if (start === null) {
    await discard(answer);
    throw refusal(part, answer, url);
  }
  const length = header(answer, 'content-length');
  if (length !== undefined && start + Number(length) !== bytes) {
    await discard(answer);
    throw new TransferFailure(
      `${url}: offers a file of ${count(start + Number(length))} bytes, wanted ${count(bytes)}`,
    );
  }
  if (start === 0) part.restart({ url, validator: validatorOf(answer) });
  await appendBody(part, answer, asked);
  if (part.size < bytes) {
    throw new TransferFailure(`${new URL(url).host}: the connection broke off`, { passing: true });
  }
  return start;
}

/** Appends all that comes. The stream flows from here on and is never paused: undici 6 ends the
 *  process with a failed assertion if a connection ends while its parser is paused. */
function appendBody(
  part: PartFile,
  { body }: Answer,
  { url, bytes, onPiece }: Transfer,
): Promise<void> {
  return new Promise((done, fail) => {
    const stop = (error: unknown): void => {
      fail(error);
      body.destroy();
    };
    body.on('data', (piece: Buffer) => {
      if (body.destroyed) return;
      if (part.size + piece.length > bytes) {
        part.restart(null);
        stop(new TransferFailure(`${url}: sends more than the ${count(bytes)} bytes wanted`));
        return;
      }
      try {
        part.append(piece);
        onPiece();
      } catch (error) {
        stop(error);
      }
    });
    body.on('error', fail);
    body.on('end', done);
  });
}

/** The byte at which the body begins: where the part ends, or 0; null for an answer that does not
 *  bring the bytes wanted. */
function startOf(part: PartFile, answer: Answer): number | null {
  if (answer.statusCode === 200) return 0;
  const range = /^bytes (\d+)-/.exec(header(answer, 'content-range') ?? '');
  return answer.statusCode === 206 && Number(range?.[1]) === part.size ? part.size : null;
}

function refusal(part: PartFile, answer: Answer, url: string): TransferFailure {
  const { statusCode } = answer;
  if (statusCode !== 206 && statusCode !== 416) {
    return statusFailure(statusCode, url, header(answer, 'retry-after'));
  }
  // Another range than was asked for, or none so far in.
  part.restart(null);
  return new TransferFailure(`${url}: no longer the file that was begun; starting again`, {
    ...{ passing: true, waitMs: 0 },
  });
}

/** What If-Range may name: a strong entity tag, else the date of the last change (RFC 9110,
 *  13.1.5). */
function validatorOf(answer: Answer): string | null {
  const tag = header(answer, 'etag');
  return tag?.startsWith('"') ? tag : (header(answer, 'last-modified') ?? null);
}

function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function discard({ body }: Answer): Promise<void> {
  await body.dump({ limit: 2 ** 14 }).catch(() => undefined);
}

function count(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
