// Values from YAML that remember where each part was written, so that a problem found later can
// name file and line.
import { readFileSync, statSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { Json } from '../../base/canonical-json.js';
import { type FileIssue, ParseError } from '../../base/errors.js';
import { systemProblem } from '../../base/system-error.js';
import type { Origin } from './origin.js';
import { shown } from './schema-words.js';
import { valueOf } from './yaml-value.js';

/** A JSON value and the origin of each of its parts, by JSON pointer (`""` is the whole). */
export interface Located {
  readonly value: Json;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Adds an issue about the value at a JSON pointer. */
export type Report = (pointer: string, message: string) => void;

/** A study is a page. What is larger is another file, and takes the parser long. */
const LARGEST_BYTES = 1_000_000;

/** Reads and parses a YAML file. @throws ParseError with every syntax error */
export function readYaml(path: string): Located {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_BYTES) {
      const message = `found a file of ${size} bytes, wanted a study of at most ${LARGEST_BYTES}`;
      throw new ParseError([{ file: path, message }]);
    }
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof ParseError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'does not exist' : `cannot be read: ${systemProblem(cause)}`;
    throw new ParseError([{ file: path, message: `the file ${reason}` }], { cause });
  }
  return parseYaml(text, path);
}

/** Parses YAML text; `file` names it in messages. @throws ParseError with every syntax error */
export function parseYaml(text: string, file: string): Located {
  const lines = new LineCounter();
  const originAt = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const deep = tooDeep(text);
  if (deep !== null) throw new ParseError([{ file, line: deep, message: DEEP }]);
  try {
    // The parser compares each key with all before it.
    const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
    const document = parseDocument(text, options);
    const issues = document.errors.map(({ message, pos }): FileIssue => ({
      ...originAt(pos[0]),
      message,
    }));
    if (issues.length > 0) throw new ParseError(issues);
    const { value, origins } = valueOf(document, originAt);
    if (!origins.has('')) origins.set('', { file, line: 1 });
    return { value: value ?? {}, origins };
  } catch (error) {
    // The parser and what walks its nodes call themselves for each level.
    if (!(error instanceof RangeError)) throw error;
    throw new ParseError([{ file, message: DEEP }]);
  }
}

/** More brackets within each other than in any study; so many that the parser slows down. */
const MOST_LEVELS = 200;
const DEEP = `found more than ${MOST_LEVELS} levels within each other, wanted a study`;

/** The line in which brackets, or the dashes and marks of lists and keys, are too deep; null if
 *  there is none. Quotes and comments count like the rest: none holds so many. */
function tooDeep(text: string): number | null {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    let marks = 0;
    for (const character of line) {
      if (character === '[' || character === '{') depth += 1;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      else if (character === '-' || character === '?') marks += 1;
      if (depth > MOST_LEVELS) return index + 1;
    }
    if (marks > MOST_LEVELS && /^\s*([-?]\s+){201}/.test(line)) return index + 1;
  }
  return null;
}
/** The value at `pointer` as it was written, `value` as JSON if there is no other text of it. */
export function asWritten({ origins }: Located, pointer: string, value: Json): string {
  return origins.get(pointer)?.written ?? shown(value);
}

/** Where the value at `pointer` was written: its own origin or that of the nearest part around
 *  it. */
export function originOf(located: Located, pointer: string): Omit<Origin, 'written'> {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = located.origins.get(at);
    if (origin !== undefined) {
      const { file, line, column } = origin;
      return {
        file,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      };
    }
    if (at === '') return { file: 'study' };
  }
}
