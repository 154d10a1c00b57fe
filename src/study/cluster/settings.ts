// What a study's tasks ask of a cluster: one table. Flags, the schema of `cluster:` and of the
// user's own file, and the options of sbatch follow from it. Nothing here enters an identity.
import { isJsonObject, type Json, type JsonObject } from '../../base/canonical-json.js';
import { UsageError } from '../../base/errors.js';

/** What tasks ask for; what is left out is the cluster's to say. */
export interface ClusterSettings {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly gres?: string;
  readonly constraint?: string;
  readonly time?: string;
  readonly cpusPerTask?: number;
  readonly mem?: string;
  readonly arrayLimit?: number;
  readonly networksPerTask?: number;
  readonly saveBefore?: number;
  readonly sbatch?: readonly string[];
  readonly setup?: readonly string[];
  readonly stage?: string;
}

/** Name of a setting. */
export type ClusterKey = keyof ClusterSettings;

/** A way to write values. */
interface Form<T> {
  /** Of a study's file. */
  readonly schema: JsonObject;
  /** What a file says, which passes the schema, or a flag, as a value; undefined: not that. */
  readonly read: (value: Json, before: T | undefined) => T | undefined;
  /** The pattern of the schema in words. */
  readonly wanted: string;
}

function texts(pattern: string, wanted: string): Form<string> {
  const expression = new RegExp(pattern);
  return {
    schema: { type: ['string', 'integer'], pattern, minimum: 1 },
    read: (value) => (expression.test(String(value)) ? String(value) : undefined),
    wanted,
  };
}

const word = texts('^[^\\s-][^\\s]*$', 'a word without spaces');
const time = texts(
  '^([0-9]+-[0-9]{1,2}|[0-9]+)(:[0-9]{1,2}){0,2}$',
  'minutes, or hours:minutes:seconds such as 4:00:00, or days-hours such as 2-12',
);
const size = texts('^[1-9][0-9]*[KMGT]?$', 'memory such as 16G (without a letter: megabytes)');

const count: Form<number> = {
  schema: { type: 'integer', minimum: 1 },
  read: (value) =>
    Number.isInteger(Number(value)) && Number(value) >= 1 ? Number(value) : undefined,
  wanted: 'a whole number of at least 1',
};

const lines: Form<readonly string[]> = {
  schema: { type: ['array', 'string'], items: { type: 'string' } },
  read: (value, before = []) => [...before, ...[value].flat().map(String)],
  wanted: 'a text or a list of them',
};

/** Where nothing is said of the folder, each task takes the temporary one of its node. */
export const NODE_TEMPORARY = 'temporary';

const stage: Form<string> = {
  schema: { type: ['boolean', 'string'] },
  read: (value) => (value === true ? NODE_TEMPORARY : value === false ? '' : String(value)),
  wanted: 'true, false or a folder',
};

interface Facts<T> {
  readonly flag: string;
  /** The option of sbatch that is given the value; null where it is for us to act on. */
  readonly option: string | null;
  readonly form: Form<T>;
  readonly help: string;
}

/** Every setting. */
export const clusterTable: {
  readonly [K in ClusterKey]-?: Facts<NonNullable<ClusterSettings[K]>>;
} = {
  partition: {
    ...{ flag: '--partition <name>', option: '--partition', form: word },
    help: 'partition of the cluster',
  },
  account: {
    ...{ flag: '--account <name>', option: '--account', form: word },
    help: 'account that the time is charged to',
  },
  qos: {
    ...{ flag: '--qos <name>', option: '--qos', form: word },
    help: 'quality of service',
  },
  gres: {
    ...{ flag: '--gres <list>', option: '--gres', form: word },
    help: 'generic resources of each task, such as gpu:1',
  },
  constraint: {
    ...{ flag: '--constraint <list>', option: '--constraint', form: word },
    help: 'features that nodes must have, such as avx512',
  },
  time: {
    ...{ flag: '--time <limit>', option: '--time', form: time },
    help: 'time limit of each task, such as 4:00:00; a task that needs longer saves and queues again',
  },
  cpusPerTask: {
    ...{ flag: '--cpus-per-task <n>', option: '--cpus-per-task', form: count },
    help: 'processors, and so threads, of each task (default: --threads, else 8)',
  },
  mem: {
    ...{ flag: '--mem <size>', option: '--mem', form: size },
    help: 'memory of each task, such as 16G; gangs take at most 80 % of it unless --memory says',
  },
  arrayLimit: {
    ...{ flag: '--array-limit <n>', option: null, form: count },
    help: 'most tasks of one array at work at once',
  },
  networksPerTask: {
    ...{ flag: '--networks-per-task <n>', option: null, form: count },
    help: 'most networks of one task: fewer make more tasks, which share less work (default: 64)',
  },
  saveBefore: {
    ...{ flag: '--save-before <seconds>', option: null, form: count },
    help: 'seconds before the time limit at which a task saves (default: 120)',
  },
  sbatch: {
    ...{ flag: '--sbatch <options>', option: null, form: lines },
    help: 'further options of sbatch, such as "--exclude=n7 --mail-type=FAIL" (repeatable)',
  },
  setup: {
    ...{ flag: '--setup <line>', option: null, form: lines },
    help: 'a line of shell before each task, such as "module load openblas" (repeatable)',
  },
  stage: {
    ...{ flag: '--stage [dir]', option: null, form: stage },
    help: "copy decoded images once to each node's own disk (default folder: its $SLURM_TMPDIR or $TMPDIR)",
  },
};

/** All settings, in the order of the table. */
export const clusterKeys = Object.keys(clusterTable) as readonly ClusterKey[];

/** The schema of `cluster:`. */
export function clusterSchema(): JsonObject {
  return {
    description:
      'What the tasks of `selffer run --on slurm` ask of the cluster; options of the command line win. Changes no number.',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      clusterKeys.map((key) => {
        const { help, form } = clusterTable[key];
        return [key, { description: `${help[0]?.toUpperCase()}${help.slice(1)}.`, ...form.schema }];
      }),
    ),
  };
}

/** Words for the patterns of {@link clusterSchema}. */
export const clusterPatterns: Readonly<Record<string, string>> = Object.fromEntries(
  [word, time, size].map(({ schema, wanted }) => [String(schema['pattern']), wanted]),
);

/** The value that a flag of the command line gives, after `before` of the same flag.
 *  @throws UsageError saying what was wanted */
export function clusterValue(key: ClusterKey, value: Json, before?: unknown): Json {
  const form = clusterTable[key].form as Form<unknown>;
  const read = form.read(value, before);
  if (read !== undefined) return read as Json;
  throw new UsageError(`found ${JSON.stringify(value)}, wanted ${form.wanted}`);
}

/** Settings as a file says them that has passed the schema. */
export function clusterSettings(value: Json | undefined): ClusterSettings {
  if (!isJsonObject(value)) return {};
  const entries = clusterKeys.flatMap((key) => {
    const said = value[key];
    return said === undefined ? [] : [[key, clusterValue(key, said)] as const];
  });
  return Object.fromEntries(entries) as ClusterSettings;
}

/** Who set a value: `command line`, `study file`, or the path of the user's own file. */
export type ClusterSources = { readonly [K in ClusterKey]?: string };

/** Settings of several sources, and who set each: of two, the earlier source wins. */
export function mergeSettings(sources: readonly (readonly [string, ClusterSettings])[]): {
  readonly settings: ClusterSettings;
  readonly setBy: ClusterSources;
} {
  const settings: Record<string, unknown> = {};
  const setBy: Record<string, string> = {};
  for (const [source, values] of sources) {
    for (const key of clusterKeys) {
      if (values[key] === undefined || key in settings) continue;
      settings[key] = values[key];
      setBy[key] = source;
    }
  }
  return { settings: settings as ClusterSettings, setBy };
}
