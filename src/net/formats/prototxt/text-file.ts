// The text of a prototxt, in whatever encoding an editor wrote it.
import { readFileSync } from 'node:fs';

/** The text of a file. Editors of Windows write UTF-16 and begin it with a mark. */
export function readPrototxtText(path: string): string {
  const bytes = readFileSync(path);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}
