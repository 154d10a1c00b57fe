// Results and figures for programs. What draws is loaded when it is asked for.
import { statSync } from 'node:fs';
import { RunStoreError } from '../base/errors.js';
import { readText } from '../base/json-file.js';
import type { Figure, Room, ThemeName } from '../figures/spec.js';
import { buildResults } from '../study/results/build.js';
import { parseResults } from '../study/results/parse.js';
import type { Results } from '../study/results/types.js';
import { keptResults, readResults } from '../study/store/results-file.js';

/** The results of a study: of its folder as the runs in it are now, or of a results.json.
 *  @throws RunStoreError if there is neither, or a file is damaged */
export function loadResults(path: string): Results {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return keptResults(path) ?? readResults(path);
  const hint = 'Give a folder that `run` wrote, or a results.json.';
  const text = readText(path, hint);
  if (text === null) throw new RunStoreError(`${path}: does not exist`, { hint });
  return buildResults(parseResults(text, path));
}

/** The figures that these results have data for, as Vega-Lite specifications, in the report's
 *  order. Learning curves are not among them: results.json has none.
 *  @param options `against`: other results, laid over every figure, hollow and dotted */
export async function figures(
  results: Results,
  { against }: { readonly against?: Results } = {},
): Promise<readonly Figure[]> {
  const { figuresOf } = await import('../figures/figures.js');
  return figuresOf(results, [], against ?? null).figures;
}

/** How a figure is drawn. */
export interface DrawOptions {
  /** Background; default `light`. */
  readonly theme?: ThemeName;
  /** `wide` (default) or `narrow`, as on a telephone. */
  readonly room?: Room;
}

/** A figure as the text of an SVG file.
 *  @param figure one of {@link figures}
 *  @param options its room and theme */
export async function figureSvg(
  figure: Figure,
  { theme = 'light', room = 'wide' }: DrawOptions = {},
): Promise<string> {
  const { renderSvg } = await import('../report/draw/render.js');
  return renderSvg(figure.spec(theme, room));
}

/** A figure as the bytes of a PNG file, twice the size of the SVG. */
export async function figurePng(figure: Figure, options: DrawOptions = {}): Promise<Uint8Array> {
  const { renderPng } = await import('../report/draw/render.js');
  return renderPng(await figureSvg(figure, options));
}
