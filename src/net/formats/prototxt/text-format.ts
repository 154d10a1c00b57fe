// The protobuf text format: fields with scalars, messages and lists. Knows nothing of Caffe.
import { ParseError } from '../../../base/errors.js';
import { type Place, type Token, tokensOf } from './tokens.js';

/** A value: names are enum values, true and false. */
export type Value =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'string' | 'name'; readonly text: string }
  | { readonly kind: 'message'; readonly fields: readonly Field[] };

/** One field; repeated fields stand one after another, lists are taken apart. */
export interface Field extends Place {
  readonly name: string;
  readonly value: Value;
}

/** Messages in messages; protobuf's own limit. */
const DEEPEST = 100;

/** The fields of a file in text format.
 *  @throws ParseError with line and column of what is not the format */
export function parseTextFormat(text: string, file: string): readonly Field[] {
  return new Parser(tokensOf(text, file), file).file();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  file(): readonly Field[] {
    return this.#fields('end', null);
  }

  // Fields until the sign `close`, or until the end of the file.
  #fields(close: string, opened: Token | null): readonly Field[] {
    const fields: Field[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end' && opened === null) return fields;
      if (token.kind === 'sign' && token.text === close) return fields;
      if (token.kind === 'end' && opened !== null) {
        throw this.#error(opened, `found no "${close}" for this "${opened.text}"`);
      }
      if (token.kind !== 'word') throw this.#error(token, `${found(token)}, wanted a field's name`);
      for (const value of this.#fieldValues()) {
        fields.push({ name: token.text, value, line: token.line, column: token.column });
      }
      if (this.#isSign(',') || this.#isSign(';')) this.#next();
    }
  }

  // Messages need no colon, scalars do.
  #fieldValues(): readonly Value[] {
    const hasColon = this.#isSign(':');
    if (hasColon) this.#next();
    const token = this.#peek();
    if (this.#isSign('{') || this.#isSign('<')) return [this.#message()];
    if (!hasColon) throw this.#error(token, `${found(token)}, wanted ":" or "{"`);
    return this.#isSign('[') ? this.#list() : [this.#scalar()];
  }

  #message(): Value {
    const open = this.#next();
    if (this.#depth === DEEPEST) {
      throw this.#error(open, `found messages in messages, wanted at most ${DEEPEST} deep`);
    }
    this.#depth += 1;
    const fields = this.#fields(open.text === '{' ? '}' : '>', open);
    this.#depth -= 1;
    return { kind: 'message', fields };
  }

  #list(): readonly Value[] {
    const open = this.#next();
    const values: Value[] = [];
    while (!this.#isSign(']')) {
      if (values.length > 0) this.#expect(',');
      if (this.#peek().kind === 'end') throw this.#error(open, 'found no "]" for this "["');
      values.push(this.#isSign('{') || this.#isSign('<') ? this.#message() : this.#scalar());
    }
    this.#next();
    return values;
  }

  #scalar(): Value {
    const isNegative = this.#isSign('-');
    if (isNegative) this.#next();
    const token = this.#next();
    const factor = isNegative ? -1 : 1;
    if (token.kind === 'number') return { kind: 'number', number: factor * numberOf(token.text) };
    if (token.kind === 'word' && /^(inf|infinity|nan)f?$/i.test(token.text)) {
      return { kind: 'number', number: factor * (/^n/i.test(token.text) ? NaN : Infinity) };
    }
    if (isNegative) throw this.#error(token, `${found(token)}, wanted a number after "-"`);
    if (token.kind === 'word') return { kind: 'name', text: token.text };
    if (token.kind !== 'string') throw this.#error(token, `${found(token)}, wanted a value`);
    let { text } = token;
    while (this.#peek().kind === 'string') text += this.#next().text;
    return { kind: 'string', text };
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #isSign(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'sign' && token.text === text;
  }

  #expect(text: string): void {
    const token = this.#peek();
    if (!this.#isSign(text)) throw this.#error(token, `${found(token)}, wanted "${text}"`);
    this.#next();
  }

  #error({ line, column }: Place, message: string): ParseError {
    return new ParseError([{ file: this.#file, line, column, message }]);
  }
}

function found({ kind, text }: Token): string {
  return kind === 'end' ? `found ${text}` : `found ${JSON.stringify(text)}`;
}

// Octal numbers begin with 0, as in C.
function numberOf(text: string): number {
  if (/^0[xX]/.test(text)) return Number(text);
  return /^0[0-7]+$/.test(text) ? parseInt(text, 8) : Number(text.replace(/[fF]$/, ''));
}
