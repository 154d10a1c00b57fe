// Tokens of the protobuf text format, with their places.
import { ParseError } from '../../../base/errors.js';

/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A token: a word, a number, a string (its content), or one of `{ } < > [ ] : , ; - . /`. */
export interface Token extends Place {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
}

// No pattern can match one text in two ways, so that none takes more than linear time.
const space = /\s+|#[^\n]*/y;
const word = /[A-Za-z_]\w*/y;
// Hexadecimal, or decimal with point, exponent and C's float suffix, each optional.
const number = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[fF]?/y;
const string = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'/y;
const sign = /[{}<>[\]:,;\-./]/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** All tokens of `text`, a token of kind `end` last.
 *  @throws ParseError at the first character that begins none */
export function tokensOf(text: string, file: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const skip = (length: number): void => {
    for (const end = at + length; at < end; at++) {
      if (text[at] !== '\n') continue;
      line += 1;
      lineStart = at + 1;
    }
  };
  for (;;) {
    for (let gap = match(space); gap !== null; gap = match(space)) skip(gap.length);
    const place = { line, column: at - lineStart + 1 };
    if (at >= text.length)
      return [...tokens, { kind: 'end', text: 'the end of the file', ...place }];
    const found = firstOf(match);
    if (found === null) {
      const message = `found ${JSON.stringify(text[at])}, wanted a field`;
      throw new ParseError([{ file, ...place, message }]);
    }
    const [kind, length, value] = found;
    tokens.push({ kind, text: value, ...place });
    skip(length);
  }
}

function firstOf(
  match: (pattern: RegExp) => string | null,
): readonly [kind: Token['kind'], length: number, text: string] | null {
  for (const [kind, pattern] of [
    ['word', word],
    ['number', number],
    ['string', string],
    ['sign', sign],
  ] as const) {
    const text = match(pattern);
    if (text !== null) return [kind, text.length, kind === 'string' ? unquoted(text) : text];
  }
  return null;
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}
