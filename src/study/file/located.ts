// Values from YAML that remember where each part was written, so that a problem found later can
// name file and line.
import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Json } from '../../base/canonical-json.js';
import { type FileIssue, ParseError } from '../../base/errors.js';

/** Where a value was written. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A JSON value and the origin of each of its parts, by JSON pointer (`""` is the whole). */
export interface Located {
  readonly value: Json;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Adds an issue about the value at a JSON pointer. */
export type Report = (pointer: string, message: string) => void;

/** One step of a JSON pointer, escaped. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Reads and parses a YAML file. @throws ParseError with every syntax error */
export function readYaml(path: string): Located {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : String(cause);
    throw new ParseError([{ file: path, message: `the file ${reason}` }], { cause });
  }
  return parseYaml(text, path);
}

/** Parses YAML text; `file` names it in messages. @throws ParseError with every syntax error */
export function parseYaml(text: string, file: string): Located {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const issues = document.errors.map(({ message, pos }): FileIssue => {
    const { line, col } = lines.linePos(pos[0]);
    return { file, line, column: col, message };
  });
  if (issues.length > 0) throw new ParseError(issues);
  const origins = new Map<string, Origin>();
  record(document.contents, '', origins, (offset) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  });
  if (!origins.has('')) origins.set('', { file, line: 1 });
  return { value: (document.toJS() ?? {}) as Json, origins };
}

// A member's origin is its key's place, an item's its own.
function record(
  node: unknown,
  pointer: string,
  origins: Map<string, Origin>,
  at: (offset: number) => Origin,
): void {
  const start = (node as Node | null)?.range?.[0];
  if (!origins.has(pointer) && start !== undefined) origins.set(pointer, at(start));
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const member = pointer + pointerStep(name);
      const offset = (key as Node | null)?.range?.[0];
      if (offset !== undefined) origins.set(member, at(offset));
      record(value, member, origins, at);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => record(item, pointer + pointerStep(index), origins, at));
  }
}

/** Where the value at `pointer` was written: its own origin or that of the nearest part around
 *  it. */
export function originOf(located: Located, pointer: string): Origin {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = located.origins.get(at);
    if (origin !== undefined) return origin;
    if (at === '') return { file: 'study' };
  }
}
