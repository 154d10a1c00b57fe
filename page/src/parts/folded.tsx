// What stands open in a wide window and is folded away in a narrow one.
import type { ComponentChildren } from 'preact';
import { room } from '../state/appearance.js';

/** Its content, behind a line of words where there is little room. */
export function Folded({
  words,
  children,
}: {
  readonly words: string;
  readonly children: ComponentChildren;
}) {
  if (room.value === 'wide') return <>{children}</>;
  return (
    <details class="folded">
      <summary>{words}</summary>
      {children}
    </details>
  );
}
