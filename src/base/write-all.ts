// Writing bytes to the last one: the system may take only some of them and say so.
import { writeSync } from 'node:fs';
import { SelfferError } from './errors.js';

/** Writes all bytes, at byte `position` of the file or, left out, where the file stands.
 *  @throws the system's error, or SelfferError `run-store` if it takes nothing without a reason */
export function writeAll(file: number, chunk: string | Uint8Array, position?: number): void {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let at = 0; at < bytes.length;) {
    const place = position === undefined ? null : position + at;
    const taken = writeSync(file, bytes, at, bytes.length - at, place);
    if (taken === 0) {
      throw new SelfferError(
        'run-store',
        `only ${at} of ${bytes.length} bytes could be written, and the system does not say why`,
      );
    }
    at += taken;
  }
}
