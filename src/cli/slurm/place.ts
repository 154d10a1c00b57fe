// Where the tasks of `run --on slurm` go, and what each may take there.
import { extraOptions, USUAL_CPUS } from '../../launch/slurm/sbatch.js';
import { Scheduler } from '../../launch/slurm/scheduler.js';
import type { ClusterSettings, ClusterSources } from '../../study/cluster/settings.js';
import { type GangLimits, largestGang } from '../../study/plan/gangs.js';
import { defaultMemoryBytes } from '../../library/machine-share.js';
import { parseSize } from '../quantities.js';
import { clusterOf, refuseClusterOptions } from './options.js';

/** Where a study's tasks go. */
export interface SlurmPlace {
  readonly settings: ClusterSettings;
  readonly setBy: ClusterSources;
  readonly scheduler: Scheduler;
  /** Of each task. */
  readonly threads: number;
  readonly limits: GangLimits;
  /** In each task. */
  readonly workers: 1;
}

interface Asked {
  readonly on?: string;
  readonly threads?: number;
  readonly memory?: number;
}

/** The place that options and a study's own settings name; null for this machine.
 *  @throws UsageError for options that contradict each other or are ours to set, ParseError for a
 *  mistake in the user's file */
export function slurmPlace(options: Asked, ofStudy: ClusterSettings): SlurmPlace | null {
  if (options.on !== 'slurm') {
    refuseClusterOptions(options);
    return null;
  }
  const { settings, setBy } = clusterOf(options, ofStudy);
  // Says what is wrong with them before anything is decoded.
  extraOptions(settings.sbatch ?? []);
  const threads = threadsOfTask(settings, options.threads);
  const limits = limitsOfTask(settings, options.memory);
  return { settings, setBy, scheduler: new Scheduler(), threads, limits, workers: 1 };
}

/** Of the memory that Slurm gives a task, its networks take so much at most. */
const MEMORY_SHARE = 0.8;

/** Threads of a task: its processors. */
function threadsOfTask(settings: ClusterSettings, asked: number | undefined): number {
  return settings.cpusPerTask ?? asked ?? USUAL_CPUS;
}

/** How large a task's gang may be. @param asked bytes that --memory says */
function limitsOfTask(settings: ClusterSettings, asked: number | undefined): GangLimits {
  const { mem } = settings;
  // Slurm counts in megabytes where no letter says otherwise.
  const given = mem === undefined ? null : parseSize(/\d$/.test(mem) ? `${mem}M` : mem);
  return {
    memoryBytes: asked ?? (given === null ? defaultMemoryBytes() : MEMORY_SHARE * given),
    networks: settings.networksPerTask ?? largestGang,
  };
}
