// The user's own settings for clusters, which hold for all studies: `cluster.yaml` of the folder of
// settings.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Json } from '../../base/canonical-json.js';
import { ParseError } from '../../base/errors.js';
import { type Located, readYaml } from '../file/located.js';
import { schemaIssues } from '../file/validate.js';
import { type ClusterSettings, clusterSettings } from './settings.js';

/** $XDG_CONFIG_HOME/selffer/cluster.yaml, else ~/.config/selffer/cluster.yaml; absolute. */
export function userClusterFile(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: shared } = environment;
  const folder = shared ? resolve(shared) : join(homedir(), '.config');
  return join(folder, 'selffer', 'cluster.yaml');
}

/** Settings of the user's file at `path`; none if it is not there.
 *  @throws ParseError with every problem in it */
export function readUserCluster(path: string): ClusterSettings {
  if (!existsSync(path)) return {};
  const own = readYaml(path);
  const issues = schemaIssues(asStudy(own));
  if (issues.length > 0) throw new ParseError(issues);
  return clusterSettings(own.value);
}

// The keys of the file are those of `cluster:` of a study, and so are its mistakes.
function asStudy({ value, origins }: Located): Located {
  const whole = { name: 'any', network: 'any', cluster: value } as Json;
  const moved = [...origins].map(([pointer, origin]) => [`/cluster${pointer}`, origin] as const);
  return { value: whole, origins: new Map(moved) };
}
