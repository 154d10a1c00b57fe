// Run identity: SHA-256 of what determines a network's numbers. Large parts are hashed on their
// own, so that plan.json holds each of them once and a difference can be named by key.
import { contentHash, isJsonObject, type Json } from '../../base/canonical-json.js';

/** Raised whenever a change of the code changes trained numbers on purpose; older runs are then not
 *  continued or mixed in. */
export const numericsVersion = 1;

/** Content of an identity: small values, and references `{"part": hash}` to large ones. */
export type IdentityContent = { readonly [key: string]: Json };

/** Large parts by their hash. */
export type IdentityParts = Map<string, Json>;

/** A reference to `value`, which is put into `parts`. */
export function reference(value: Json, parts: IdentityParts): Json {
  const hash = contentHash(value);
  parts.set(hash, value);
  return { part: hash };
}

/** The identity that a content stands for. */
export function identityOf(content: IdentityContent): string {
  return contentHash(content);
}

/** Dotted keys at which two identities differ, e.g. "solver.learningRate"; references are looked up
 *  in `parts`. */
export function differingKeys(
  a: IdentityContent,
  b: IdentityContent,
  parts: ReadonlyMap<string, Json>,
): readonly string[] {
  const keys: string[] = [];
  collect(a, b, '', parts, keys);
  return keys;
}

function collect(
  a: Json | undefined,
  b: Json | undefined,
  key: string,
  parts: ReadonlyMap<string, Json>,
  keys: string[],
): void {
  if (a !== undefined && b !== undefined && contentHash(a) === contentHash(b)) return;
  const [left, right] = [looked(a, parts), looked(b, parts)];
  if (isJsonObject(left) && isJsonObject(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      collect(left[name], right[name], key === '' ? name : `${key}.${name}`, parts, keys);
    }
  } else {
    keys.push(key);
  }
}

function looked(value: Json | undefined, parts: ReadonlyMap<string, Json>): Json | undefined {
  const hash = isJsonObject(value) ? value['part'] : undefined;
  return typeof hash === 'string' ? (parts.get(hash) ?? value) : value;
}
