// The chart of learning curves as a part of the page, with its legend.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CurveKind } from '../state/api-client.js';
import { theme } from '../state/appearance.js';
import { networkHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { whole } from '../words/numbers.js';
import { align, type Aligned, valuesAt } from './align.js';
import { Chart } from './chart.js';
import { formatValue, unitOf } from './curve-words.js';
import { lineLooks } from './line-looks.js';
import type { CurvesHeard } from './use-curves.js';

interface Props {
  readonly store: StudyStore;
  readonly names: readonly string[];
  readonly heard: CurvesHeard;
  readonly onZoom: (range: readonly [number, number] | null) => void;
}

/** Chart and legend of these networks. */
export function CurveChart({ store, names, heard, onZoom }: Props) {
  const what = heard.wanted?.what ?? 'accuracy';
  const data = useMemo(
    () => align(heard.curves, names, what === 'accuracy' ? 100 : 1),
    [heard, names.join()],
  );
  const looks = useMemo(
    () =>
      lineLooks(
        names.map((name) => treatmentOf(store, name)),
        theme.value,
      ),
    [names.join(), theme.value],
  );
  const at = useSignal<number | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const unit = unitOf(what);
  useEffect(() => {
    if (place.current === null) return;
    const lines = names.map((label, i) => ({ label, ...(looks[i] ?? { color: '', dash: [] }) }));
    const listener = { onPointer: (place: number | null) => (at.value = place), onZoom };
    const made = new Chart(place.current, { theme: theme.peek(), lines, unit }, data, listener);
    chart.current = made;
    return () => made.destroy();
  }, [looks, unit]);
  useEffect(() => chart.current?.setData(data, heard.wanted?.range ?? null), [data]);
  return (
    <figure class="curves">
      <div
        class="chart"
        ref={place}
        role="img"
        aria-label={`Learning curves: ${unit} by iteration`}
      />
      <CurveLegend
        {...{ store, names, data, looks, what }}
        at={at.value}
        onFocus={(line) => chart.current?.focus(line)}
      />
    </figure>
  );
}

const treatmentOf = (store: StudyStore, name: string) => ({
  treatment: store.network(name)?.peek().treatment ?? '',
});

interface LegendProps extends Pick<Props, 'store' | 'names'> {
  readonly data: Aligned;
  readonly looks: ReturnType<typeof lineLooks>;
  readonly what: CurveKind;
  /** Place under the pointer. */
  readonly at: number | null;
  readonly onFocus: (line: number | null) => void;
}

function CurveLegend({ store, names, data, looks, what, at, onFocus }: LegendProps) {
  const last = data.iterations.length - 1;
  const values = valuesAt(data, at ?? last);
  const iteration = data.iterations[at ?? last];
  const isChosen = store.selected.value.size > 0;
  return (
    <figcaption>
      <p class="muted">
        {iteration === undefined ? 'No test yet.' : `Values at iteration ${whole(iteration)}:`}
      </p>
      <ul class="curve-legend">
        {names.map((name, i) => (
          <li key={name} onPointerEnter={() => onFocus(i)} onPointerLeave={() => onFocus(null)}>
            <Swatch {...(looks[i] ?? { color: 'currentColor', dash: [] })} />
            <a href={networkHash(store.id, name)}>{name}</a>
            <span class="number">{formatValue(values[i] ?? null, what)}</span>
            {isChosen && (
              <button
                type="button"
                class="remove"
                aria-label={`Remove ${name} from the comparison`}
                onClick={() => store.toggle(name)}
              >
                {'\u00d7'}
              </button>
            )}
          </li>
        ))}
      </ul>
    </figcaption>
  );
}

function Swatch({ color, dash }: { readonly color: string; readonly dash: readonly number[] }) {
  return (
    <svg class="line-swatch" width="26" height="10" aria-hidden="true">
      <line
        x1="0"
        x2="26"
        y1="5"
        y2="5"
        stroke={color}
        stroke-width="2.5"
        stroke-dasharray={dash.join(' ')}
      />
    </svg>
  );
}
