// Types of cluster.mjs, for tests.

/** What has to be installed, as Debian names it. */
export function packages(options?: Pick<ClusterOptions, 'accounts'>): readonly string[];

export interface Cluster {
  readonly folder: string;
  /** Path of slurm.conf, the value of SLURM_CONF for the commands of Slurm. */
  readonly configuration: string;
  readonly nodes: readonly string[];
}

export interface ClusterOptions {
  readonly nodes?: number;
  /** Processors of each node; there may be fewer on this machine. */
  readonly cpus?: number;
  /** Lines of slurm.conf, in place of the usual ones for the same. */
  readonly config?: readonly string[];
  /** Keeps accounts (slurmdbd over MariaDB): sacct answers, and limits of `sacctmgr` hold. */
  readonly accounts?: boolean;
}

/** Why no cluster can be started here; null if one can. */
export function whyNot(options?: Pick<ClusterOptions, 'accounts'>): string | null;

/** Starts a cluster whose files are all in `folder`; resolves when its nodes are idle. */
export function startCluster(folder: string, options?: ClusterOptions): Promise<Cluster>;

/** Starts, or starts again, the controller. */
export function startController(cluster: Pick<Cluster, 'configuration'>): void;

/** Starts, or starts again, the daemon of one node. */
export function startNode(cluster: Pick<Cluster, 'configuration'>, name: string): void;

/** Ends one daemon: `slurmctld`, or the name of a node. @returns whether it ran */
export function killDaemon(
  cluster: Pick<Cluster, 'folder'>,
  name: string,
  signal?: NodeJS.Signals,
): boolean;

/** Ends all jobs and daemons of the cluster in `folder`. */
export function stopCluster(folder: string): Promise<void>;
