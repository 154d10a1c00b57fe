// The frame of the page: the bar at its top, and below it what the address asks for.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { StudiesAnswer } from '../../src/dashboard/api.js';
import { askStudies, type Trouble } from './state/api-client.js';
import { choice, choices } from './state/appearance.js';
import { route } from './state/location.js';
import type { Route } from './state/routes.js';
import { TroubleNotice } from './parts/notices.js';
import { CompareView } from './views/compare.js';
import { HomeView } from './views/home.js';
import { NetworkView } from './views/network.js';
import { StudyView } from './views/study.js';

/** Milliseconds between tries to reach the server. */
const retryMs = 3000;

/** The whole page. */
export function App() {
  const studies = useSignal<StudiesAnswer | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  useEffect(() => {
    let timer: number | undefined;
    const tryOnce = async (): Promise<void> => {
      const asked = await askStudies();
      trouble.value = 'trouble' in asked ? asked.trouble : null;
      if ('value' in asked) studies.value = asked.value;
      else timer = window.setTimeout(() => void tryOnce(), retryMs);
    };
    void tryOnce();
    return () => window.clearTimeout(timer);
  }, []);
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(main);
  return (
    <>
      <TopBar version={studies.value?.version ?? null} />
      <main id="main" ref={main} tabIndex={-1}>
        <TroubleNotice trouble={trouble.value} />
        {studies.value !== null && <View route={route.value} studies={studies.value} />}
        {studies.value === null && trouble.value === null && <p class="empty">Loading{'\u2026'}</p>}
      </main>
      <footer class="foot">
        <a href="./licences.txt">Licences</a> of the programs in this page
      </footer>
    </>
  );
}

// Screen readers and keys start at the new view; the first one is where the browser puts them.
function useFocusOnNavigation(main: { readonly current: HTMLElement | null }): void {
  const at = whereOf(route.value);
  const last = useRef(at);
  useEffect(() => {
    if (last.current === at) return;
    last.current = at;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [at]);
}

function whereOf(at: Route): string {
  if (at.page === 'study') return `study ${at.id}`;
  return JSON.stringify(at);
}

function View({ route: at, studies }: { readonly route: Route; readonly studies: StudiesAnswer }) {
  const only = studies.studies.length === 1 ? studies.studies[0] : undefined;
  switch (at.page) {
    case 'home':
      if (only === undefined) return <HomeView studies={studies} />;
      return <StudyView key={only.id} id={only.id} tab="plan" networks={[]} studies={studies} />;
    case 'study':
      return (
        <StudyView key={at.id} id={at.id} tab={at.tab} networks={at.networks} studies={studies} />
      );
    case 'network':
      return <NetworkView key={`${at.id} ${at.name}`} id={at.id} name={at.name} />;
    case 'compare':
      return <CompareView key={at.ids.join(' ')} ids={at.ids} studies={studies} />;
    case 'unknown':
      return (
        <p class="empty">
          There is no such page: {at.hash}. <a href="#/">All studies</a>
        </p>
      );
  }
}

function TopBar({ version }: { readonly version: string | null }) {
  return (
    <header class="top">
      <a class="brand" href="#/">
        Selffer
      </a>
      {version !== null && <span class="muted version">{version}</span>}
      <label class="appearance">
        Appearance{' '}
        <select
          value={choice.value}
          onChange={({ currentTarget }) => {
            choice.value = choices.find((each) => each === currentTarget.value) ?? 'auto';
          }}
        >
          {choices.map((each) => (
            <option key={each} value={each}>
              {each === 'auto' ? 'as the system' : each}
            </option>
          ))}
        </select>
      </label>
    </header>
  );
}
