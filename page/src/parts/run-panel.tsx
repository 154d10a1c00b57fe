// The run of a study: what it does now, how long yet, and the buttons that start and stop it.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { RunState } from '../../../src/dashboard/api.js';
import { control, type Trouble } from '../state/api-client.js';
import type { StudyStore, Tally } from '../state/study-store.js';
import { formatDuration, formatSize } from '../../../src/base/quantities.js';
import { whole } from '../words/numbers.js';
import { TroubleNotice } from './notices.js';

/** State, rates and buttons. */
export function RunPanel({
  store,
  canControl,
}: {
  readonly store: StudyStore;
  readonly canControl: boolean;
}) {
  const run = store.run.value;
  const trouble = useSignal<Trouble | null>(null);
  if (run === null) return null;
  const send = async (action: 'start' | 'stop'): Promise<void> => {
    const asked = await control(store.id, action);
    trouble.value = 'trouble' in asked ? asked.trouble : null;
  };
  return (
    <>
      <div class="run">
        <p class={`run-state ${run.state}`} role="status">
          {runWords(run, store.tally.value)}
        </p>
        <Rates run={run} />
        {canControl && <Buttons store={store} run={run} send={send} />}
      </div>
      <TroubleNotice trouble={trouble.value} />
    </>
  );
}

function runWords({ state, holder }: RunState, { counts, total, fraction }: Tally): string {
  if (state === 'running') return 'Training';
  if (state === 'stopping') return 'Stopping: what is being trained is saved';
  if (state === 'elsewhere') return `Training elsewhere${holder === null ? '' : `: ${holder}`}`;
  if (total > 0 && counts.waiting + counts.running + counts.failed + counts.missing === 0)
    return 'All networks have ended';
  return fraction > 0 ? 'Stopped' : 'Not started';
}

function Rates({ run }: { readonly run: RunState }) {
  const { secondsLeft, imagesPerSecond, residentBytes } = run;
  const rows: readonly (readonly [string, string | null])[] = [
    ['time left', secondsLeft === null ? null : formatDuration(secondsLeft)],
    ['images/s', imagesPerSecond === null ? null : whole(imagesPerSecond)],
    ['memory', residentBytes === null ? null : formatSize(residentBytes)],
  ];
  if (run.state === 'idle') return null;
  return (
    <dl class="rates">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? '\u2013'}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ButtonProps {
  readonly store: StudyStore;
  readonly run: RunState;
  readonly send: (action: 'start' | 'stop') => Promise<void>;
}

function Buttons({ store, run, send }: ButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isBusy = useSignal(false);
  const act = async (action: 'start' | 'stop'): Promise<void> => {
    isBusy.value = true;
    await send(action);
    isBusy.value = false;
  };
  const { counts, fraction } = store.tally.value;
  const left = counts.waiting + counts.running + counts.failed + counts.missing;
  if (run.state === 'idle') {
    if (left === 0) return null;
    return (
      <button
        type="button"
        class="primary"
        disabled={isBusy.value}
        onClick={() => void act('start')}
      >
        {fraction > 0 ? 'Resume' : 'Start'}
      </button>
    );
  }
  if (run.state === 'elsewhere') return null;
  return (
    <>
      <button
        type="button"
        disabled={isBusy.value || run.state === 'stopping'}
        onClick={() => dialog.current?.showModal()}
      >
        Stop{'\u2026'}
      </button>
      <dialog ref={dialog} aria-labelledby="stop-title">
        <h2 id="stop-title">Stop training?</h2>
        <p>What was trained is saved; Resume goes on from there with the same numbers.</p>
        <form method="dialog" class="buttons">
          <button type="submit">Keep training</button>
          <button type="submit" class="danger" onClick={() => void act('stop')}>
            Stop and save
          </button>
        </form>
      </dialog>
    </>
  );
}
