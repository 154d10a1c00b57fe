// The run of this process as its page sees it: it can be asked to save and end, as by Ctrl-C.
import { Refusal } from '../dashboard/refusal.js';
import type { RunControl } from '../dashboard/run-control.js';

/** See above. */
export class OwnRun implements RunControl {
  state: RunControl['state'] = 'running';
  readonly startedAt = new Date().toISOString();
  readonly problem = null;
  onChange: () => void = () => {};

  start(): void {
    throw new Refusal(409, 'the study is running already');
  }

  stop(): void {
    if (this.state === 'stopping') return;
    // Heard by whoever listens for Ctrl-C now; nobody does before and after the training.
    if (!process.emit('SIGINT')) {
      throw new Refusal(
        409,
        'the run is not training now',
        'Wait a moment, or press Ctrl-C there.',
      );
    }
    this.state = 'stopping';
    this.onChange();
  }

  logOf(): readonly string[] {
    return [];
  }
}
