// Learning curves of the networks that were chosen.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CurvesWanted } from '../state/api-client.js';
import { replaceHash } from '../state/location.js';
import { studyHash } from '../state/routes.js';
import type { StudyStore } from '../state/study-store.js';
import { curveKinds, curveWords } from '../curves/curve-words.js';
import { mostCurves, pickCurves } from '../curves/pick.js';
import { useCurves } from '../curves/use-curves.js';
import { FilterBar } from '../parts/filter-bar.js';
import { lazily } from '../parts/lazily.js';
import { Empty, TroubleNotice } from '../parts/notices.js';
import { isEmpty } from '../state/filter.js';
import { counted, whole } from '../words/numbers.js';

const CurveChart = lazily(async () => (await import('../curves/curve-chart.js')).CurveChart);

/** Points that are asked for of each curve: more than a wide window has columns for one. */
const points = 500;

/** The part "Curves". */
export function CurvesTab({ store }: { readonly store: StudyStore }) {
  const what = useSignal<CurvesWanted['what']>('accuracy');
  const range = useSignal<CurvesWanted['range']>(null);
  const networks = store.all();
  const chosen = store.selected.value;
  const names = pickCurves(networks, chosen);
  const heard = useCurves(store, {
    networks: names,
    what: what.value,
    points,
    range: range.value,
  });
  useEffect(() => replaceHash(studyHash(store.id, 'curves', [...chosen])), [chosen]);
  const last = Math.max(1, ...networks.map(({ iterations }) => iterations));
  return (
    <>
      <h2 class="hidden">Learning curves</h2>
      <FilterBar store={store} />
      <ChooseFiltered store={store} />
      {chosen.size > mostCurves && (
        <p class="notice warn">
          {counted(chosen.size, 'network')} are chosen; the first {mostCurves} are drawn.
        </p>
      )}
      {chosen.size === 0 && names.length > 0 && (
        <p class="muted">
          None is chosen: networks that are being trained and bases are drawn. Choose others in the
          plan, in the list, or by the filter.
        </p>
      )}
      <div class="tools">
        <WhatField value={what.value} onChange={(next) => (what.value = next)} />
        <RangeFields range={range.value} last={last} onChange={(next) => (range.value = next)} />
        <p class="muted">Drag across the chart to zoom in; a double click shows all.</p>
      </div>
      <TroubleNotice trouble={heard.value.trouble} />
      {names.length === 0 ? (
        <Empty>No network has been tested yet. Curves appear with the first test.</Empty>
      ) : (
        <CurveChart
          store={store}
          names={names}
          heard={heard.value}
          onZoom={(next) => (range.value = next)}
        />
      )}
    </>
  );
}

function ChooseFiltered({ store }: { readonly store: StudyStore }) {
  const filter = store.filter.value;
  if (isEmpty(filter)) return null;
  const left = store.all().filter(store.matches.value);
  return (
    <p>
      <button
        type="button"
        disabled={left.length === 0}
        onClick={() => (store.selected.value = new Set(left.map(({ name }) => name)))}
      >
        Compare these {whole(left.length)}
      </button>
    </p>
  );
}

function WhatField({
  value,
  onChange,
}: {
  readonly value: CurvesWanted['what'];
  readonly onChange: (value: CurvesWanted['what']) => void;
}) {
  return (
    <label>
      Curves of{' '}
      <select
        value={value}
        onChange={({ currentTarget }) =>
          onChange(curveKinds.find((kind) => kind === currentTarget.value) ?? 'accuracy')
        }
      >
        {curveKinds.map((kind) => (
          <option key={kind} value={kind}>
            {curveWords[kind]}
          </option>
        ))}
      </select>
    </label>
  );
}

// Zooming without a pointer.
function RangeFields({
  range,
  last,
  onChange,
}: {
  readonly range: CurvesWanted['range'];
  readonly last: number;
  readonly onChange: (range: CurvesWanted['range']) => void;
}) {
  const [from, to] = range ?? [0, last];
  const set = (low: number, high: number): void => {
    if (Number.isFinite(low) && Number.isFinite(high) && low < high) onChange([low, high]);
  };
  return (
    <span class="range">
      <label>
        Iterations from{' '}
        <input
          type="number"
          min={0}
          max={last}
          value={Math.floor(from)}
          onChange={({ currentTarget }) => set(currentTarget.valueAsNumber, to)}
        />
      </label>{' '}
      <label>
        to{' '}
        <input
          type="number"
          min={1}
          max={last}
          value={Math.ceil(to)}
          onChange={({ currentTarget }) => set(from, currentTarget.valueAsNumber)}
        />
      </label>
      {range !== null && (
        <button type="button" onClick={() => onChange(null)}>
          Show all
        </button>
      )}
    </span>
  );
}
