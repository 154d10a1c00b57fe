// The learning curve on a network's page, beside that of the base that it is measured against.
import type { StudyStore } from '../state/study-store.js';
import type { NetworkState } from '../../../src/dashboard/api.js';
import { studyHash } from '../state/routes.js';
import { useCurves } from '../curves/use-curves.js';
import { lazily } from './lazily.js';

const CurveChart = lazily(async () => (await import('../curves/curve-chart.js')).CurveChart);

/** Points that are asked for. */
const points = 400;

/** The curve; nothing before the first test. */
export function OwnCurve({
  store,
  state,
}: {
  readonly store: StudyStore;
  readonly state: NetworkState;
}) {
  const base = store
    .all()
    .find(
      (each) =>
        each.treatment === 'base' &&
        each.name !== state.name &&
        each.family === state.family &&
        each.split === state.split &&
        each.repeat === state.repeat &&
        each.target === state.target,
    );
  const names = base === undefined ? [state.name] : [state.name, base.name];
  const heard = useCurves(store, { networks: names, what: 'accuracy', points, range: null });
  if (heard.value.curves.every(({ iterations }) => iterations.length === 0)) {
    return <p class="muted">Not tested yet.</p>;
  }
  return (
    <>
      <CurveChart store={store} names={names} heard={heard.value} onZoom={() => undefined} />
      <p>
        <a href={studyHash(store.id, 'curves', names)}>Zoom, and compare with others</a>
      </p>
    </>
  );
}
