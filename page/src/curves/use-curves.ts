// Curves of the networks that are looked at, asked for again when these are tested.
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CurvesAnswer } from '../../../src/dashboard/api.js';
import { askCurves, type CurvesWanted, type Trouble } from '../state/api-client.js';
import type { StudyStore } from '../state/study-store.js';

/** Least time between two questions while networks are trained, ms. */
const pauseMs = 2000;

/** The curves, or why there are none yet. */
export interface CurvesHeard {
  readonly curves: CurvesAnswer['curves'];
  /** What was asked for. */
  readonly wanted: CurvesWanted | null;
  readonly trouble: Trouble | null;
}

/** Curves of a study, kept current. */
export function useCurves(store: StudyStore, wanted: CurvesWanted): ReadonlySignal<CurvesHeard> {
  const heard = useSignal<CurvesHeard>({ curves: [], wanted: null, trouble: null });
  const stamp = stampOf(store, wanted.networks);
  const key = JSON.stringify(wanted);
  const last = useRef({ key: '', at: 0 });
  useEffect(() => {
    let isCurrent = true;
    const isNew = last.current.key !== key;
    const wait = isNew ? 0 : Math.max(0, last.current.at + pauseMs - Date.now());
    const timer = window.setTimeout(() => {
      last.current = { key, at: Date.now() };
      void askCurves(store.id, wanted).then((asked) => {
        if (!isCurrent) return;
        heard.value =
          'value' in asked
            ? { curves: asked.value.curves, wanted, trouble: null }
            : { ...heard.peek(), trouble: asked.trouble };
      });
    }, wait);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [key, stamp]);
  return heard;
}

// Changes when one of these networks is further than before.
function stampOf(store: StudyStore, names: readonly string[]): string {
  return names
    .map((name) => {
      const network = store.network(name)?.value;
      return `${network?.state ?? ''} ${network?.iteration ?? ''} ${network?.accuracy ?? ''}`;
    })
    .join();
}
