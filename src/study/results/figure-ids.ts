// Names of a report's figures: their files are called so, and an older report's are known by it.

/** Every figure that a report can have. */
export const figureIds = [
  'figure1',
  'figure2-top',
  'figure2-bottom',
  'figure2-top-matched',
  'figure2-bottom-matched',
  'decomposition',
  'figure3',
  'figure3-matched',
  'preserved',
  'preserved-matched',
  'controls',
  'controls-matched',
  'reduced-data',
  'target-size',
  'learning-rates',
  'linear-probes',
  'similarity',
  'movement',
  'resets',
  'learning-curves',
] as const;

/** A figure that a report can have. @useDeclaredType */
export type FigureId = (typeof figureIds)[number];

/** File name of a figure without its ending: with a letter, of that target alone. */
export type FigureName = FigureId | `${FigureId}-${string}`;

/** Name of a figure of one target; of all for null. */
export function figureName(id: FigureId, target: string | null): FigureName {
  return target === null ? id : `${id}-${target}`;
}
