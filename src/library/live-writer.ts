// Tells other processes how far a run is: live.json of its folder, written anew while it works.
import { residentBytes } from '../base/process-memory.js';
import { type GangCost, ProgressModel } from '../study/run/progress-model.js';
import type { StudyEvent } from '../study/run/run-study.js';
import { type LiveGang, removeLive, writeLive } from '../study/store/live-file.js';

const EVERY_SECONDS = 2;

/** Hears a run's events until closed. */
export class LiveWriter {
  readonly #directory: string;
  readonly #model: ProgressModel;
  readonly #startedAt = new Date().toISOString();
  readonly #networks: ReadonlyMap<string, readonly string[]>;
  readonly #gangs = new Map<string, LiveGang>();
  #last = -Infinity;

  constructor(directory: string, gangs: readonly GangCost[]) {
    this.#directory = directory;
    this.#model = new ProgressModel(gangs);
    this.#networks = new Map(gangs.map(({ name, networks }) => [name, networks]));
  }

  on(event: StudyEvent): void {
    const now = performance.now() / 1000;
    this.#model.on(event, now);
    this.#follow(event);
    if (now - this.#last < EVERY_SECONDS) return;
    this.#last = now;
    const { secondsLeft, imagesPerSecond } = this.#model.view();
    const startedAt = this.#startedAt;
    this.#quietly(() =>
      writeLive(this.#directory, {
        ...{ startedAt, secondsLeft, imagesPerSecond },
        residentBytes: residentBytes(),
        gangs: [...this.#gangs.values()],
      }),
    );
  }

  close(): void {
    this.#quietly(() => removeLive(this.#directory));
  }

  #follow(event: StudyEvent): void {
    if (event.event === 'step') {
      const networks = this.#networks.get(event.gang) ?? [];
      this.#gangs.set(event.gang, { networks, iteration: event.iteration });
    } else if (event.event === 'finished' || event.event === 'gang-failed') {
      this.#gangs.delete(event.gang);
    }
  }

  // Nobody's training ends because nobody can look at it.
  #quietly(work: () => void): void {
    try {
      work();
    } catch {
      // A full disk, say: what has to be written says so.
    }
  }
}
