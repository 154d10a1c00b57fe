// What the live page and its server say to each other, as types: the page is built against this
// file and nothing else of src.

/** GET /api/studies */
export interface StudiesAnswer {
  /** Of Selffer. */
  readonly version: string;
  /** False when the server was started to be looked at only (`--read-only`). */
  readonly canControl: boolean;
  readonly studies: readonly {
    readonly id: string;
    readonly name: string;
    readonly directory: string;
  }[];
}

/** Where a network is. */
export type NetworkStateName = 'waiting' | 'running' | 'done' | 'dead' | 'failed' | 'missing';

/** A network of a study's plan and where it is. */
export interface NetworkState {
  /** Such as "split0/A3B+". */
  readonly name: string;
  readonly split: string;
  readonly repeat: number;
  readonly family: string;
  /** As in results.json. */
  readonly treatment: string;
  readonly source: string | null;
  readonly target: string;
  readonly n: number;
  readonly state: NetworkStateName;
  /** The study's statistic if done, else the last test so far; null before the first. Fraction. */
  readonly accuracy: number | null;
  readonly iteration: number | null;
  readonly iterations: number;
  /** Accuracy minus the mean base of the same (split, target), percentage points; null if
   *  unknown. */
  readonly matchedPt: number | null;
  /** Why it is dead, failed or missing, in plain words. */
  readonly reason: string | null;
}

/** Whether a study is trained, and how far that is. */
export interface RunState {
  /** elsewhere: a process that this server did not start holds the study's lock. */
  readonly state: 'idle' | 'running' | 'stopping' | 'elsewhere';
  /** Such as "process 4711 on host1". */
  readonly holder: string | null;
  readonly secondsLeft: number | null;
  /** Training images a second through all networks at work. */
  readonly imagesPerSecond: number | null;
  /** Memory of the run's processes. */
  readonly residentBytes: number | null;
  /** ISO. */
  readonly startedAt: string | null;
}

/** GET /api/studies/ID, and the event `study`. */
export interface StudyState {
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  /** L: the number of segments. */
  readonly layers: number;
  /** Name of cut n at index n - 1. */
  readonly cutNames: readonly string[];
  readonly treatments: readonly {
    readonly name: string;
    readonly label: string;
    readonly description: string;
  }[];
  readonly networks: readonly NetworkState[];
  readonly run: RunState;
  /** What is wrong with the folder, in plain words. */
  readonly problems: readonly string[];
  /** Grows whenever the figures have changed. */
  readonly figuresRevision: number;
}

/** GET /api/studies/ID/events: server-sent events, by name. `study` comes first and whenever the
 *  plan has changed, `networks` are those that changed. A comment line every 15 s keeps the
 *  connection. */
export interface StudyEvents {
  readonly study: StudyState;
  readonly networks: readonly NetworkState[];
  readonly run: RunState;
  readonly figures: { readonly revision: number };
  readonly problems: readonly string[];
}

/** GET /api/studies/ID/curves?network=NAME&network=NAME&what=accuracy&points=400&from=0&to=100000,
 *  where `what` is accuracy, loss (of tests) or trainLoss. Thinned to about `points` a network:
 *  first, last, least and greatest of each bin are kept. */
export interface CurvesAnswer {
  readonly curves: readonly {
    readonly network: string;
    readonly iterations: readonly number[];
    readonly values: readonly (number | null)[];
  }[];
}

/** GET /api/studies/ID/figures?against=ID2&theme=light|dark&room=wide|narrow, all of which may be
 *  left out. */
export interface FiguresAnswer {
  readonly revision: number;
  readonly figures: readonly {
    /** Such as "figure2-bottom". */
    readonly id: string;
    readonly title: string;
    /** For screen readers, and as the caption. */
    readonly description: string;
    /** Vega-Lite, the report's own. */
    readonly spec: object;
  }[];
  readonly answers: readonly {
    readonly question: string;
    readonly verdict: string;
    readonly text: string;
  }[];
}

/** GET /api/studies/ID/networks/NAME (NAME has a slash; it is one URL-encoded part) */
export interface NetworkAnswer {
  readonly state: NetworkState;
  /** Name of a network. */
  readonly copiedFrom: string | null;
  readonly copiedBy: readonly string[];
  /** Its layers as in Figure 1: one row a segment. */
  readonly layers: readonly {
    readonly n: number;
    /** Such as "conv1 .. pool1". */
    readonly name: string;
    /** What it holds when training begins: "new" (fresh), "random" (and kept so, or drawn like what
     *  it stands for), "trained" (by the network that it goes on from), or the letter of the task
     *  whose base it was copied from. */
    readonly origin: string;
    readonly frozen: boolean;
    /** Null if the folder does not say what the layer is. */
    readonly parameters: number | null;
  }[];
  /** Null until it has ended. */
  readonly freezeAudit: { readonly tensors: number; readonly changed: number } | null;
  /** Executor, versions, threads, host, seconds, identity and the like. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The last 50. */
  readonly tests: readonly {
    readonly iteration: number;
    readonly accuracy: number;
    readonly loss: number | null;
  }[];
  readonly failure: string | null;
  /** Last lines. */
  readonly log: readonly string[];
  /** Commands. */
  readonly reproduce: readonly string[];
  /** Whether GET /api/studies/ID/networks/NAME/filters.png has a picture. */
  readonly filters: boolean;
}

/** Of every answer with a status of 400 or more. POST /api/studies/ID/start and .../stop take `{}`
 *  as application/json with the header `X-Selffer: 1` and answer `{"ok": true}` or this. */
export interface ErrorAnswer {
  readonly error: { readonly message: string; readonly hint: string | null };
}
