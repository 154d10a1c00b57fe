// All studies of the server.
import type { StudiesAnswer } from '../../../src/dashboard/api.js';
import { useEffect } from 'preact/hooks';
import { title } from '../state/location.js';
import { compareHash, studyHash } from '../state/routes.js';
import { useStudy } from '../state/use-study.js';
import { Counts } from '../parts/counts.js';
import { Empty } from '../parts/notices.js';
import { ProgressBar } from '../parts/progress-bar.js';

/** A card for each study. */
export function HomeView({ studies }: { readonly studies: StudiesAnswer }) {
  useEffect(() => {
    title.value = 'Selffer';
  }, []);
  const [first, second] = studies.studies;
  return (
    <>
      <h1>Studies</h1>
      {first === undefined && <Empty>This server was started without any study.</Empty>}
      <ul class="cards">
        {studies.studies.map(({ id, name, directory }) => (
          <li key={id} class="card">
            <h2>
              <a href={studyHash(id)}>{name}</a>
            </h2>
            <p class="muted path">{directory}</p>
            <Standing id={id} />
          </li>
        ))}
      </ul>
      {first !== undefined && second !== undefined && studies.studies.length === 2 && (
        <p>
          <a href={compareHash(first.id, second.id)}>Both side by side</a>
        </p>
      )}
    </>
  );
}

function Standing({ id }: { readonly id: string }) {
  const store = useStudy(id);
  const trouble = store.trouble.value;
  if (trouble !== null) return <p class="notice bad">{trouble.message}</p>;
  if (store.plan.value === null) return <p class="muted">Loading{'\u2026'}</p>;
  return (
    <>
      <ProgressBar store={store} />
      <Counts store={store} />
    </>
  );
}
