// What a request asks for, taken apart: its path word by word, its query, its body.
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.js';

const LONGEST_TARGET = 32 * 1024;
const LARGEST_BODY = 64 * 1024;

/** A request's target. */
export interface Target {
  /** Decoded one by one: a word may hold a slash. */
  readonly words: readonly string[];
  readonly query: URLSearchParams;
}

/** Takes a request's target apart. @throws Refusal if it is none of a page of ours */
export function targetOf(url: string): Target {
  if (url.length > LONGEST_TARGET) throw new Refusal(414, 'the address is too long');
  const [path = '', query = ''] = splitOnce(url, '?');
  // Not `http://another.host/`, which only a proxy is asked for.
  if (!path.startsWith('/')) throw new Refusal(400, 'wanted a path that begins with /');
  try {
    const words = path.slice(1).split('/').map(decodeURIComponent);
    return { words, query: new URLSearchParams(query) };
  } catch {
    throw new Refusal(400, 'the address has a % that is not followed by two hexadecimal digits');
  }
}

/** The words that stand for those with a colon in `pattern`; null if the path is another. */
export function matched(
  pattern: string,
  words: readonly string[],
): Readonly<Record<string, string>> | null {
  const wanted = pattern.slice(1).split('/');
  if (wanted.length !== words.length) return null;
  const found: [string, string][] = [];
  for (const [at, want] of wanted.entries()) {
    const word = words[at] as string;
    if (want.startsWith(':')) found.push([want.slice(1), word]);
    else if (want !== word) return null;
  }
  return Object.fromEntries(found);
}

/** Reads the body of a request, which must be a JSON object.
 *  @throws Refusal if it is too large, or is not one */
export async function readBody(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Kept open, so that whoever sends too much hears why.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY) {
      throw new Refusal(413, `the request has more than ${LARGEST_BODY} bytes`);
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'the request is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'wanted a JSON object');
  }
  return value;
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at);
  return place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}
