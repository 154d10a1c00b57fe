// The JSON value of a parsed YAML document, made in one pass: an alias is looked up, never copied
// or searched for, and what all aliases together stand for is bounded.
import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Json } from '../../base/canonical-json.js';
import { ParseError } from '../../base/errors.js';
import { type Origin, pointerStep } from './origin.js';

/** More parts than any study has, aliases written out. */
const MOST_PARTS = 50_000;

/** A value that an anchor names, and of how many parts it is; null while it is still read. */
type Anchored = { readonly value: Json; readonly parts: number } | null;

interface Reading {
  readonly origins: Map<string, Origin>;
  readonly anchors: Map<string, Anchored>;
  readonly originAt: (offset: number) => Origin;
  parts: number;
}

/** The value of `document` and where each of its parts stands, by JSON pointer: a member at its
 *  key, an item at its own place.
 *  @throws ParseError for an alias without an anchor or inside its own, a key that comes twice, and
 *  too many parts */
export function valueOf(
  document: Document,
  originAt: (offset: number) => Origin,
): { readonly value: Json; readonly origins: Map<string, Origin> } {
  const reading: Reading = { origins: new Map(), anchors: new Map(), originAt, parts: 0 };
  const value = read(document.contents, '', reading);
  return { value, origins: reading.origins };
}

function read(node: unknown, pointer: string, reading: Reading): Json {
  const { origins, anchors } = reading;
  place(node, pointer, reading);
  if (isAlias(node)) return aliased(node.source, node, reading);
  const anchor = (node as { readonly anchor?: string } | null)?.anchor;
  const before = reading.parts;
  if (anchor !== undefined) anchors.set(anchor, null);
  grow(1, node, reading);
  const value = content(node, pointer, reading);
  if (isScalar(node) && typeof value === 'number')
    keepWritten(node.source, value, pointer, origins);
  if (anchor !== undefined) anchors.set(anchor, { value, parts: reading.parts - before });
  return value;
}

function content(node: unknown, pointer: string, reading: Reading): Json {
  if (isScalar(node)) return scalar(node.value, node.source);
  if (isSeq(node)) {
    return node.items.map((item, index) => read(item, pointer + pointerStep(index), reading));
  }
  if (!isMap(node)) return null;
  const seen = new Set<string>();
  // fromEntries, unlike assignments, makes `__proto__` a key like any other.
  return Object.fromEntries(
    node.items.map(({ key, value }): [string, Json] => {
      const name = keyText(key);
      if (seen.has(name)) throw problem(key, `found the key "${name}" twice`, reading);
      seen.add(name);
      const member = pointer + pointerStep(name);
      const offset = (key as Node | null)?.range?.[0];
      if (offset !== undefined) reading.origins.set(member, reading.originAt(offset));
      return [name, read(value, member, reading)];
    }),
  );
}

function keyText(key: unknown): string {
  if (!isScalar(key)) return String(key);
  return key.source ?? String(key.value);
}

// JSON has texts, numbers, true, false and null; the rest is what was written, which no check takes
// for something else.
function scalar(value: unknown, source: string | undefined): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  return typeof value === 'string' ? value : (source ?? String(value));
}

function aliased(name: string, node: unknown, reading: Reading): Json {
  const found = reading.anchors.get(name);
  if (found === undefined) throw problem(node, `found *${name}, no &${name} before it`, reading);
  if (found === null) throw problem(node, `found *${name} inside of &${name}`, reading);
  grow(found.parts, node, reading);
  return found.value;
}

function grow(parts: number, node: unknown, reading: Reading): void {
  reading.parts += parts;
  if (reading.parts <= MOST_PARTS) return;
  throw problem(node, `found more than ${MOST_PARTS} keys and items, wanted a study`, reading);
}

function problem(node: unknown, message: string, { originAt }: Reading): ParseError {
  return new ParseError([{ ...originAt((node as Node).range?.[0] ?? 0), message }]);
}

function place(node: unknown, pointer: string, { origins, originAt }: Reading): void {
  const start = (node as Node | null)?.range?.[0];
  if (!origins.has(pointer) && start !== undefined) origins.set(pointer, originAt(start));
}

function keepWritten(
  source: string | undefined,
  value: number,
  pointer: string,
  origins: Map<string, Origin>,
): void {
  const origin = origins.get(pointer);
  if (source === undefined || origin === undefined || source === JSON.stringify(value)) return;
  origins.set(pointer, { ...origin, written: source });
}
