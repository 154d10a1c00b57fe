// The figures of a study, one below the other.
import type { FiguresAnswer } from '../../../src/dashboard/api.js';
import { VegaFigure } from './vega-figure.js';

/** All figures of an answer. */
export function FigureList({ figures }: { readonly figures: FiguresAnswer['figures'] }) {
  return (
    <div class="figure-list">
      {figures.map((figure) => (
        <VegaFigure key={figure.id} figure={figure} />
      ))}
    </div>
  );
}
