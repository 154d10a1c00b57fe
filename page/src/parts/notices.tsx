// Messages to the reader: what went wrong and what can be done.
import type { ComponentChildren } from 'preact';
import type { Trouble } from '../state/api-client.js';

/** An error in words, said at once by screen readers. */
export function TroubleNotice({ trouble }: { readonly trouble: Trouble | null }) {
  return (
    <div role="alert">
      {trouble && (
        <p class="notice bad">
          <strong>{trouble.message}</strong>
          {trouble.hint !== null && <span> {trouble.hint}</span>}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a study's folder. */
export function Problems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <section class="notice warn" aria-label="Problems of this study's folder">
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </section>
  );
}

/** Something that is not there yet, and when it will be. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
