// Draws the figures of a report one by one: one that cannot be drawn costs itself alone.
import type { Figure, Room } from '../../figures/spec.js';
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
      const wide = await drawRoom(figure, 'wide');
      const narrow = await drawRoom(figure, 'narrow');
      drawn.push({ figure, wide, narrow });
    } catch (error) {
      failed.push({ title: figure.title, reason: reasonOf(error) });
    }
  }
  return { drawn, failed };
}

async function drawRoom(figure: Figure<string>, room: Room): Promise<DrawnFigure[Room]> {
  const light = await renderSvg(figure.spec('light', room));
  return { light, dark: await renderSvg(figure.spec('dark', room)) };
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
