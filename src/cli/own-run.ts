// `run --serve`: the page of this process's own run, which it can ask to save and end, as Ctrl-C
// does.
import { type Dashboard, openDashboard } from '../dashboard/dashboard.js';
import { findStudies } from '../dashboard/find-studies.js';
import { Refusal } from '../dashboard/refusal.js';
import type { RunControl } from '../dashboard/run-control.js';
import { printError, printJson, remark } from './output.js';

class OwnRun implements RunControl {
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

/** Opens the page of this process's run in `directory`, if one is asked for. The end of the run is
 *  the end of its page: whoever waits for the command waits for no browser.
 *  @param serve its port; true: the usual one, or the next that is free */
export async function servedPage(
  directory: string,
  serve: number | true | undefined,
  asJson: boolean,
): Promise<Dashboard | null> {
  if (serve === undefined) return null;
  const studies = findStudies([directory]);
  const port = serve === true ? {} : { port: serve };
  const onError = (error: unknown): void => printError(error, false);
  const page = await openDashboard({ studies, ...port, run: new OwnRun(), onError });
  if (asJson) printJson({ event: 'serving', url: page.url });
  else remark(`live page: ${page.url}`);
  return page;
}
