// `--only PATTERN`: which networks of a study.
import { UsageError } from '../base/errors.js';

/** Tests names such as "split0/A3B+" against patterns: `*` is any text but "/", `?` one character;
 *  a pattern without "/" is about the part after it.
 *  @throws UsageError if a pattern matches none of `names` */
export function onlyMatching(
  patterns: readonly string[],
  names: readonly string[],
  option = '--only',
): (name: string) => boolean {
  if (patterns.length === 0) return () => true;
  const tests = patterns.map((pattern) => {
    const expression = new RegExp(
      `^${pattern.includes('/') ? '' : '[^/]*/'}${translated(pattern)}$`,
    );
    if (!names.some((name) => expression.test(name))) {
      throw new UsageError(
        `${option} ${pattern}: no network is called so; there are ${names.slice(0, 6).join(', ')} and ${Math.max(0, names.length - 6)} more`,
      );
    }
    return expression;
  });
  return (name) => tests.some((test) => test.test(name));
}

function translated(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
