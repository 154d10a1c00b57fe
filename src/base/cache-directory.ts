// Where decoded images are kept between studies, and libraries that set-up unpacked.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** $SELFFER_CACHE_DIR, else $XDG_CACHE_HOME/selffer, else ~/.cache/selffer; absolute. Everything
 *  below it can be deleted: it is made again. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { SELFFER_CACHE_DIR: own, XDG_CACHE_HOME: shared } = environment;
  if (own) return resolve(own);
  return shared ? resolve(shared, 'selffer') : join(homedir(), '.cache', 'selffer');
}
