// The one progress display of a run: a bar on a terminal, elsewhere a line every ten seconds.
import { SingleBar } from 'cli-progress';
import type { StudyEvent } from '../study/run/run-study.js';
import { colours, remark } from './output.js';
import { type GangCost, ProgressModel, type ProgressView } from '../study/run/progress-model.js';
import { formatDuration } from '../base/quantities.js';
import { formatAccuracy } from './quantities.js';

/** Hears a run's events until closed. */
export interface Progress {
  on(event: StudyEvent): void;
  close(): void;
}

const LINE_EVERY_SECONDS = 10;

/** A display that fits standard error: a bar on a terminal, else plain lines. */
export function showProgress(gangs: readonly GangCost[]): Progress {
  const model = new ProgressModel(gangs);
  return process.stderr.isTTY ? barProgress(model) : lineProgress(model);
}

function now(): number {
  return performance.now() / 1000;
}

/** A bar on a terminal's standard error. */
export interface SteppingBar {
  update(): void;
  /** Writes lines above the bar, which they would tear. */
  aside(lines: string): void;
  close(): void;
}

/** A bar that shows a share, 0..1, and a text. */
export function steppingBar(fraction: () => number, text: () => string): SteppingBar {
  const format = `${colours.cyan('{bar}')} {percentage} % ${colours.dim('|')} {text}`;
  const bar = new SingleBar({
    format,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
    stream: process.stderr,
  });
  const share = (): number => Math.floor(1000 * fraction());
  bar.start(1000, 0, { text: 'starting' });
  return {
    update: () => bar.update(share(), { text: text() }),
    aside: (lines) => {
      bar.stop();
      remark(lines);
      bar.start(1000, share(), { text: text() });
    },
    close: () => bar.stop(),
  };
}

function barProgress(model: ProgressModel): Progress {
  const bar = steppingBar(
    () => model.view().fraction,
    () => viewText(model.view()),
  );
  return {
    on: (event) => {
      model.on(event, now());
      const text = eventText(event);
      if (text !== null) bar.aside(text);
      bar.update();
    },
    close: () => bar.close(),
  };
}

function lineProgress(model: ProgressModel): Progress {
  let last = -Infinity;
  return {
    on: (event) => {
      model.on(event, now());
      const text = eventText(event);
      if (text !== null) remark(text);
      const isDue = now() - last >= LINE_EVERY_SECONDS;
      if (event.event !== 'step' || !isDue) return;
      last = now();
      const view = model.view();
      remark(`${Math.floor(100 * view.fraction)} % | ${viewText(view)}`);
    },
    close: () => {},
  };
}

/** What is worth a line of its own: only what went wrong. */
function eventText(event: StudyEvent): string | null {
  if (event.event === 'gang-failed') {
    const hint = event.hint === undefined ? '' : `\n${colours.dim(event.hint)}`;
    return `${colours.red('failed')} ${event.gang}: ${event.message}${hint}`;
  }
  if (event.event === 'warning') return `${colours.yellow('warning')} ${event.message}`;
  if (event.event === 'skipped') {
    return `${colours.yellow('not run')} ${event.networks.length} networks of ${event.gang}: ${event.message}`;
  }
  if (event.event === 'ended' && event.state !== 'done') {
    const why = event.message ?? 'its accuracy cannot be told apart from chance';
    return `${colours.yellow(event.state)} ${event.network}: ${why}`;
  }
  return null;
}

/** "12/108 networks | split0/A/transfer (26): 71.2 % | 5,120 images/s | 3 min 20 s left". */
export function viewText(view: ProgressView): string {
  const many = view.gangNetworks > 1 ? ` (${view.gangNetworks})` : '';
  const accuracy = view.accuracy === null ? '' : `: ${formatAccuracy(view.accuracy)}`;
  const parts = [
    `${view.networksDone}/${view.networks} networks`,
    view.gang === '' ? '' : `${view.gang}${many}${accuracy}`,
    view.imagesPerSecond === null
      ? ''
      : `${Math.round(view.imagesPerSecond).toLocaleString('en-US')} images/s`,
    view.secondsLeft === null ? '' : `${formatDuration(view.secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== '').join(' | ');
}
