// What the processor of this machine can do, in the kernel's words.
import { readFileSync } from 'node:fs';

/** Flags that /proc/cpuinfo gives for the first core, e.g. "avx2"; what the kernel does not support
 *  is not among them. Empty where there is no such file, and on processors that are no x86-64. */
export function processorFlags(): ReadonlySet<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return new Set();
  try {
    return flagsIn(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return new Set(); // no /proc in some containers
  }
}

/** Flags of the first core in the text of /proc/cpuinfo. */
export function flagsIn(text: string): ReadonlySet<string> {
  const [, flags = ''] = /^flags\s*: (.*)$/m.exec(text) ?? [];
  return new Set(flags.split(' ').filter(Boolean));
}
