// `--only PATTERN`: which networks of a study.
import { UsageError } from '../base/errors.js';

/** So many names are enough to see how networks are called. */
const SHOWN = 6;

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
        `${option} ${pattern}: no network is called so; there are ${someOf(names)}`,
      );
    }
    return expression;
  });
  return (name) => tests.some((test) => test.test(name));
}

function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function translated(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
