// A study for as long as a view is shown: its store, and the connection that keeps it current.
import { useEffect } from 'preact/hooks';
import { listen, storeOf } from './listen.js';
import type { StudyStore } from './study-store.js';

/** The store of a study, kept current while the caller is on the page. */
export function useStudy(id: string): StudyStore {
  const store = storeOf(id);
  useEffect(() => listen(store), [store]);
  return store;
}
