// When a worker reports and when it saves. Wall-clock time: never influences numbers.

/** Least seconds between two `step` events. */
const STEP_EVENT_SECONDS = 0.25;

/** Counts images and seconds since the last report and the last checkpoint. */
export class Pace {
  #images = 0;
  #lastReport = performance.now();
  #lastCheckpoint = performance.now();

  /** Counts images; an event's images and seconds if it is time for one. */
  step(images: number, isLast: boolean): { images: number; seconds: number } | null {
    this.#images += images;
    const seconds = (performance.now() - this.#lastReport) / 1000;
    if (seconds < STEP_EVENT_SECONDS && !isLast) return null;
    const counted = { images: this.#images, seconds };
    this.#images = 0;
    this.#lastReport = performance.now();
    return counted;
  }

  /** Seconds since the last checkpoint, or since the start. */
  secondsSinceCheckpoint(): number {
    return (performance.now() - this.#lastCheckpoint) / 1000;
  }

  /** Starts {@link secondsSinceCheckpoint} anew. */
  checkpointed(): void {
    this.#lastCheckpoint = performance.now();
  }
}
