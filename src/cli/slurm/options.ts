// Options of `run --on slurm`, made from the table of settings, and where their values come from.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Json } from '../../base/canonical-json.js';
import { UsageError } from '../../base/errors.js';
import {
  clusterKeys,
  type ClusterSettings,
  type ClusterSources,
  clusterTable,
  clusterValue,
  mergeSettings,
} from '../../study/cluster/settings.js';
import { readUserCluster, userClusterFile } from '../../study/cluster/user-file.js';

/** Where networks can be trained. */
export const places = ['local', 'slurm'] as const;

/** Adds `--on` and an option for each setting of clusters. */
export function addClusterOptions(command: Command): Command {
  command.addOption(
    new Option('--on <where>', 'where: this machine, or jobs of Slurm (docs/cluster.md)')
      .choices(places)
      .default('local'),
  );
  for (const key of clusterKeys) {
    const { flag, help } = clusterTable[key];
    command.addOption(
      new Option(flag, help).helpGroup('Options of --on slurm:').argParser((text, before) => {
        try {
          return clusterValue(key, text, before);
        } catch (error) {
          throw new InvalidArgumentError((error as Error).message);
        }
      }),
    );
  }
  return command;
}

/** Settings for Slurm and who set them: the command line wins over the study, and that over the
 *  user's own file. @throws ParseError for a mistake in that file */
export function clusterOf(
  options: object,
  ofStudy: ClusterSettings,
): { readonly settings: ClusterSettings; readonly setBy: ClusterSources } {
  const path = userClusterFile();
  return mergeSettings([
    ['command line', flagsOf(options)],
    ['study file', ofStudy],
    [path, readUserCluster(path)],
  ]);
}

function flagsOf(options: object): ClusterSettings {
  const given = options as Readonly<Record<string, Json | undefined>>;
  const entries = clusterKeys.flatMap((key) => {
    const value = given[key];
    // An option without its value says only that it was given.
    return value === undefined ? [] : [[key, value === true ? clusterValue(key, true) : value]];
  });
  return Object.fromEntries(entries) as ClusterSettings;
}

/** @throws UsageError for an option of Slurm where nothing goes there */
export function refuseClusterOptions(options: object): void {
  const [key] = Object.keys(flagsOf(options)) as (keyof ClusterSettings)[];
  if (key === undefined) return;
  const name = clusterTable[key].flag.split(' ')[0];
  throw new UsageError(`${name} is an option of --on slurm`, {
    hint: `Add --on slurm, or leave ${name} out.`,
  });
}
