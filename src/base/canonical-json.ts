// JSON with sorted keys and no white space: equal values give equal bytes, so hashes identify
// content.
import { createHash } from 'node:crypto';

/** Any JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Any JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Whether a value is an object: not null, not a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Canonical text of a JSON value: keys in code-unit order, numbers as JavaScript prints them (RFC
 *  8785), undefined members left out. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value as Record<string, Json | undefined>)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member as Json)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of the canonical text, as 64 hex digits. */
export function contentHash(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
