// How far an advice is: a bar with the time that is left on a terminal, elsewhere plain lines.
import type { StudyEvent } from '../study/run/run-study.js';
import { colours, remark } from './output.js';
import { type SteppingBar, steppingBar } from './progress.js';
import { formatDuration } from '../base/quantities.js';

/** Hears what an advice says and its trainings tell, until closed. */
export interface AdviseDisplay {
  say(text: string): void;
  on(event: StudyEvent): void;
  close(): void;
}

const LINE_EVERY_SECONDS = 10;

/** A display for a budget of so many seconds, which is the most that it takes. */
export function adviseDisplay(budgetSeconds: number): AdviseDisplay {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const fraction = (): number => Math.min(1, elapsed() / budgetSeconds);
  let what = 'starting';
  let training = '';
  let lastLine = 0;
  const text = (): string =>
    [`at most ${formatDuration(Math.max(0, budgetSeconds - elapsed()))} left`, what, training]
      .filter((part) => part !== '')
      .join(' | ');
  const bar: SteppingBar | null = process.stderr.isTTY ? steppingBar(fraction, text) : null;
  // Between events time goes on.
  const timer = bar === null ? undefined : setInterval(() => bar.update(), 1000);
  timer?.unref();
  const line = (said: string): void => {
    const shown = colours.dim(`${formatDuration(elapsed()).padStart(12)}  ${said}`);
    if (bar === null) remark(shown);
    else bar.aside(shown);
  };
  return {
    say: (said) => {
      [what, training] = [said, ''];
      line(said);
    },
    on: (event) => {
      if (event.event === 'gang') line(`training ${event.networks.join(', ')}`);
      if (event.event === 'gang-failed') line(`failed: ${event.message}`);
      if (event.event !== 'step') return;
      training = stepText(event);
      if (bar !== null) bar.update();
      else if (elapsed() - lastLine >= LINE_EVERY_SECONDS) {
        lastLine = elapsed();
        line(text());
      }
    },
    close: () => {
      clearInterval(timer);
      bar?.close();
    },
  };
}

/** "42 %, 512 images/s". */
function stepText(event: Extract<StudyEvent, { event: 'step' }>): string {
  const { iteration, iterations, images, seconds } = event;
  const rate =
    seconds > 0 ? `, ${Math.round(images / seconds).toLocaleString('en-US')} images/s` : '';
  return `${Math.floor((100 * iteration) / iterations)} %${rate}`;
}
