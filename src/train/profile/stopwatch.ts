// Where a gang's wall-clock time goes. Never influences numbers.

/** What a gang spends time on. `data`: waiting for (or making) minibatches, of training and tests;
 *  `training`, `evaluation`: the executor's runs; `saving`: checkpoints, final weights, audits. */
const activities = ['data', 'training', 'evaluation', 'saving'] as const;

/** What a training spends its time on. @useDeclaredType */
export type Activity = (typeof activities)[number];

/** Seconds by activity since the first iteration; `other` is the loop's own JavaScript. */
export type Seconds = Readonly<Record<Activity | 'other' | 'total', number>>;

/** Adds up seconds by activity from its creation on. Activities do not nest. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #ms: Record<Activity, number> = { data: 0, training: 0, evaluation: 0, saving: 0 };

  /** Waits for `work` and counts the time until it is done. */
  async measureUntil<T>(activity: Activity, work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#ms[activity] += performance.now() - started;
    }
  }

  /** Seconds so far. */
  seconds(): Seconds {
    const total = (performance.now() - this.#started) / 1000;
    const of = (activity: Activity): number => this.#ms[activity] / 1000;
    const known = activities.reduce((sum, activity) => sum + of(activity), 0);
    return {
      data: of('data'),
      training: of('training'),
      evaluation: of('evaluation'),
      saving: of('saving'),
      other: total - known,
      total,
    };
  }
}
