// The stores of the studies that were looked at, and the connections that keep them current.
import type { StudyEvents } from '../../../src/dashboard/api.js';
import { askStudy, eventsUrl } from './api-client.js';
import { StudyStore } from './study-store.js';

const kinds = [
  'study',
  'networks',
  'run',
  'figures',
  'problems',
] as const satisfies readonly (keyof StudyEvents)[];

/** Milliseconds between tries after the server has refused. */
const retryMs = 3000;

const stores = new Map<string, StudyStore>();

/** The store of a study; one and the same as long as the page is open. */
export function storeOf(id: string): StudyStore {
  const known = stores.get(id);
  if (known !== undefined) return known;
  const store = new StudyStore(id);
  stores.set(id, store);
  return store;
}

/** Keeps a store current until the function that is returned is called. */
export function listen(store: StudyStore): () => void {
  let source: EventSource | null = null;
  let timer: number | undefined;
  const open = (): void => {
    source = new EventSource(eventsUrl(store.id));
    for (const kind of kinds) {
      source.addEventListener(kind, (event: MessageEvent<string>) => {
        store.connection.value = 'live';
        store.on(kind, JSON.parse(event.data) as never);
      });
    }
    // A browser tries again by itself, except after an answer that is an error.
    source.addEventListener('error', () => {
      store.connection.value = 'lost';
      if (store.plan.peek() === null) void explain(store);
      if (source?.readyState === EventSource.CLOSED) timer = window.setTimeout(open, retryMs);
    });
  };
  store.connection.value = 'connecting';
  open();
  return () => {
    source?.close();
    window.clearTimeout(timer);
  };
}

// Events do not say why there are none.
async function explain(store: StudyStore): Promise<void> {
  const asked = await askStudy(store.id);
  if ('trouble' in asked && store.plan.peek() === null) store.trouble.value = asked.trouble;
}
