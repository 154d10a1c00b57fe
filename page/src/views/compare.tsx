// Two studies side by side: how each stands, their differences from the base in one table, and the
// figures of the first with the second laid over them.
import { useEffect } from 'preact/hooks';
import type { StudiesAnswer } from '../../../src/dashboard/api.js';
import { title } from '../state/location.js';
import { useStudy } from '../state/use-study.js';
import type { StudyStore } from '../state/study-store.js';
import { FiguresOf } from '../parts/figures-of.js';
import { Empty, TroubleNotice } from '../parts/notices.js';
import { points } from '../words/numbers.js';
import { compareRows, type MeanOf } from './compare-rows.js';
import { StudyHead } from './study.js';

/** The view. */
export function CompareView({
  ids,
  studies,
}: {
  readonly ids: readonly [string, string];
  readonly studies: StudiesAnswer;
}) {
  const first = useStudy(ids[0]);
  const second = useStudy(ids[1]);
  const names = [first, second].map((store) => store.plan.value?.name ?? store.id);
  useEffect(() => {
    title.value = `${names.join(' and ')} \u2013 Selffer`;
  }, [names.join()]);
  return (
    <>
      <h1>Side by side</h1>
      <div class="pair">
        {[first, second].map((store) => (
          <div key={store.id} class="card">
            <TroubleNotice trouble={store.trouble.value} />
            <StudyHead store={store} canControl={studies.canControl} isLink />
          </div>
        ))}
      </div>
      <Differences first={first} second={second} names={names} />
      {first.plan.value !== null && second.plan.value !== null && (
        <section>
          <h2>Figures, {names[1]} laid over hollow and dotted</h2>
          <FiguresOf store={first} against={second} />
        </section>
      )}
    </>
  );
}

function Differences({
  first,
  second,
  names,
}: {
  readonly first: StudyStore;
  readonly second: StudyStore;
  readonly names: readonly string[];
}) {
  const rows = compareRows(first.all(), second.all());
  return (
    <section>
      <h2>Mean difference from the base of the same target</h2>
      {rows.length === 0 ? (
        <Empty>Nothing can be compared yet: no network has ended whose base has ended too.</Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of differences">
          <table class="differences">
            <thead>
              <tr>
                <th scope="col">Treatment</th>
                <th scope="col">n</th>
                {names.map((name, i) => (
                  <th key={i} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">Second minus first</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ treatment, n, first: one, second: two }) => (
                <tr key={`${treatment} ${n}`}>
                  <th scope="row">{treatment}</th>
                  <td>{n}</td>
                  <td>{meanWords(one)}</td>
                  <td>{meanWords(two)}</td>
                  <td>{points(one && two ? two.meanPt - one.meanPt : null)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function meanWords(mean: MeanOf | null) {
  if (mean === null) return '\u2013';
  return (
    <>
      {points(mean.meanPt)} <span class="muted">({mean.networks})</span>
    </>
  );
}
