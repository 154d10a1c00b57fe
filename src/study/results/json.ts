// results.json, and files like it, as text: the same results give the same bytes.
import type { Results } from './types.js';

/** Text of results.json: keys in the order `buildResults` gives them, two spaces, an array's
 *  objects on one line each, a line feed at the end. */
export function formatResults(results: Results): string {
  return formatJson(results);
}

/** Text of a JSON value in the form of results.json. */
export function formatJson(value: unknown): string {
  return `${format(value, '')}\n`;
}

function format(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  const isArray = Array.isArray(value);
  const members = isArray
    ? value.map((item: unknown) => `${inner}${JSON.stringify(item)}`)
    : Object.entries(value).map(
        ([key, member]) => `${inner}${JSON.stringify(key)}: ${format(member, inner)}`,
      );
  const [open, close] = isArray ? '[]' : '{}';
  return members.length === 0
    ? `${open}${close}`
    : `${open}\n${members.join(',\n')}\n${indent}${close}`;
}
