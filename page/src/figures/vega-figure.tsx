// A figure of the report, drawn in the page.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FiguresAnswer } from '../../../src/dashboard/api.js';
import { draw, type Drawing } from './draw.js';

/** Title, picture and caption; drawn anew only when its specification has changed. */
export function VegaFigure({ figure }: { readonly figure: FiguresAnswer['figures'][number] }) {
  const place = useRef<HTMLDivElement>(null);
  const failure = useSignal<string | null>(null);
  const key = JSON.stringify(figure.spec);
  useEffect(() => {
    let drawing: Drawing | null = null;
    let isCurrent = true;
    // The picture before stays until the new one is there.
    const fresh = document.createElement('div');
    draw(figure.spec, fresh).then(
      (made) => {
        drawing = made;
        failure.value = null;
        if (isCurrent) place.current?.replaceChildren(fresh);
        else made.destroy();
      },
      (error: unknown) => {
        failure.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => {
      isCurrent = false;
      drawing?.destroy();
    };
  }, [key]);
  const title = `figure-${figure.id}`;
  return (
    <figure class="vega" aria-labelledby={title}>
      <h3 id={title}>{figure.title}</h3>
      <div ref={place} class="scroll" />
      {failure.value !== null && (
        <p class="notice bad">This figure could not be drawn: {failure.value}</p>
      )}
      <figcaption>{figure.description}</figcaption>
    </figure>
  );
}
