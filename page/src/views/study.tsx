// A study: how its run stands, and below it the parts between which the reader chooses.
import { useEffect } from 'preact/hooks';
import type { StudiesAnswer } from '../../../src/dashboard/api.js';
import { title } from '../state/location.js';
import { compareHash, studyHash, type Tab, tabs } from '../state/routes.js';
import { useStudy } from '../state/use-study.js';
import type { StudyStore } from '../state/study-store.js';
import { ConnectionNotice } from '../parts/connection.js';
import { Counts } from '../parts/counts.js';
import { Problems, TroubleNotice } from '../parts/notices.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { RunPanel } from '../parts/run-panel.js';
import { CurvesTab } from './curves.js';
import { FiguresTab } from './figures.js';
import { FiltersTab } from './filters.js';
import { ListTab } from './list.js';
import { PlanTab } from './plan.js';

/** What the address says of a study. */
interface Props {
  readonly id: string;
  readonly tab: Tab;
  readonly networks: readonly string[];
  readonly studies: StudiesAnswer;
}

const tabWords: Readonly<Record<Tab, string>> = {
  plan: 'Plan',
  list: 'List',
  curves: 'Curves',
  figures: 'Figures',
  filters: 'Filters',
};

/** The view of a study. */
export function StudyView({ id, tab, networks, studies }: Props) {
  const store = useStudy(id);
  const plan = store.plan.value;
  useEffect(() => {
    if (networks.length > 0) store.selected.value = new Set(networks);
  }, [networks.join()]);
  useTitle(store);
  return (
    <>
      <TroubleNotice trouble={store.trouble.value} />
      {plan === null && store.trouble.value === null && <p class="empty">Loading{'\u2026'}</p>}
      {plan !== null && (
        <>
          <StudyHead store={store} canControl={studies.canControl} />
          <CompareWith id={id} studies={studies} />
          <nav class="tabs" aria-label="Parts of the study">
            {tabs.map((each) => (
              <a
                key={each}
                href={studyHash(id, each)}
                aria-current={each === tab ? 'page' : undefined}
              >
                {tabWords[each]}
              </a>
            ))}
          </nav>
          <TabView store={store} tab={tab} />
        </>
      )}
    </>
  );
}

/** Name, run, progress and problems of a study. */
export function StudyHead({
  store,
  canControl,
  isLink = false,
}: {
  readonly store: StudyStore;
  readonly canControl: boolean;
  readonly isLink?: boolean;
}) {
  const plan = store.plan.value;
  if (plan === null) return null;
  const name = isLink ? <a href={studyHash(store.id)}>{plan.name}</a> : plan.name;
  return (
    <section class="study-head" aria-label={plan.name}>
      {isLink ? <h2>{name}</h2> : <h1>{name}</h1>}
      <p class="muted path">{plan.directory}</p>
      <ConnectionNotice store={store} />
      <RunPanel store={store} canControl={canControl} />
      <ProgressBar store={store} />
      <Counts store={store} />
      <Problems problems={store.problems.value} />
    </section>
  );
}

function TabView({ store, tab }: { readonly store: StudyStore; readonly tab: Tab }) {
  switch (tab) {
    case 'plan':
      return <PlanTab store={store} />;
    case 'list':
      return <ListTab store={store} />;
    case 'curves':
      return <CurvesTab store={store} />;
    case 'figures':
      return <FiguresTab store={store} />;
    case 'filters':
      return <FiltersTab store={store} />;
  }
}

// The tab of the browser says how far the study is.
function useTitle(store: StudyStore): void {
  const name = store.plan.value?.name;
  const share = Math.floor(100 * store.tally.value.fraction);
  const isRunning = store.run.value?.state === 'running';
  useEffect(() => {
    if (name !== undefined) title.value = `${isRunning ? `${share} % ` : ''}${name} \u2013 Selffer`;
  }, [name, share, isRunning]);
}

function CompareWith({ id, studies }: { readonly id: string; readonly studies: StudiesAnswer }) {
  const others = studies.studies.filter((study) => study.id !== id);
  if (others.length === 0) return null;
  return (
    <p class="beside">
      Side by side with{' '}
      {others.map((other, i) => (
        <span key={other.id}>
          {i > 0 && ', '}
          <a href={compareHash(id, other.id)}>{other.name}</a>
        </span>
      ))}
    </p>
  );
}
