// Says that the server is not heard any more, and that what is shown is old.
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { StudyStore } from '../state/study-store.js';

/** The notice; nothing while the server is heard. */
export function ConnectionNotice({ store }: { readonly store: StudyStore }) {
  const isLost = store.connection.value === 'lost';
  const since = useSignal<Date | null>(null);
  useEffect(() => {
    since.value = isLost ? new Date() : null;
    document.documentElement.classList.toggle('stale', isLost);
    return () => document.documentElement.classList.remove('stale');
  }, [isLost]);
  return (
    <div role="status" class="lost">
      {isLost && (
        <p class="notice warn">
          <strong>Connection lost</strong>
          {since.value !== null && ` at ${since.value.toLocaleTimeString()}`}. What is shown may be
          old. This page tries again by itself; if nothing changes, see whether{' '}
          <code>selffer serve</code> is still running.
        </p>
      )}
    </div>
  );
}
