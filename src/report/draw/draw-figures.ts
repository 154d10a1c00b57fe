// Draws the figures of a report one by one: one that cannot be drawn costs itself alone.
import { figureCsv } from '../../figures/figure-csv.js';
import type { Figure, Room, ThemeName } from '../../figures/spec.js';
import type { DrawnFigure, FailedFigure } from '../figure-section.js';
import { renderPng, renderSvg } from './render.js';

/** The figures for the page, and those that failed. */
export interface DrawnFigures<Id extends string> {
  readonly drawn: readonly DrawnFigure<Id>[];
  readonly failed: readonly FailedFigure[];
}

/** Draws every figure for light and dark pages, and for telephones. Never rejects. */
export async function drawFigures<Id extends string>(
  figures: readonly Figure<Id>[],
): Promise<DrawnFigures<Id>> {
  const drawn: DrawnFigure<Id>[] = [];
  const failed: FailedFigure[] = [];
  for (const figure of figures) {
    try {
      drawn.push(await drawnFigure(figure));
    } catch (error) {
      failed.push({ title: figure.title, reason: reasonOf(error) });
    }
  }
  return { drawn, failed };
}

// Each specification is made once: that of a large study takes as long as drawing it.
async function drawnFigure<Id extends string>(figure: Figure<Id>): Promise<DrawnFigure<Id>> {
  const draw = (theme: ThemeName, room: Room) => renderSvg(figure.spec(theme, room));
  const spec = figure.spec('light', 'wide');
  const wide = { light: await renderSvg(spec), dark: await draw('dark', 'wide') };
  const narrow = { light: await draw('light', 'narrow'), dark: await draw('dark', 'narrow') };
  return { figure, wide, narrow, csv: figureCsv(spec) };
}

/** A picture as PNG, or why there is none. */
export function pngOf(
  title: string,
  svg: string,
): { readonly png: Uint8Array } | { readonly failed: FailedFigure } {
  try {
    return { png: renderPng(svg) };
  } catch (error) {
    return { failed: { title: `${title} (as PNG)`, reason: reasonOf(error) } };
  }
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
