// Numbered remarks as layers of a plot: a badge with the number and a short text, placed where they
// cover least.
import type { Json } from '../base/canonical-json.js';
import type { PlotSize } from './axes.js';
import type { Interpretation } from './interpretations.js';
import type { ThemeName } from './spec.js';
import { themes } from './theme.js';

/** A remark with its place: the anchor it points at, px upwards from it, and the side of the badge
 *  its text stands on. */
export interface PlacedRemark {
  readonly number: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly up: number;
  readonly side: 'left' | 'right';
}

/** What remarks should not cover: the plot's ranges and its curves, all in the units of n and y. */
export interface Surroundings {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly size: PlotSize;
  readonly curves: readonly (readonly { readonly x: number; readonly y: number }[])[];
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Chooses for each remark, one after another, the place (anchor, above or below, text left or
 *  right) whose box covers the fewest samples of the curves and no earlier remark; among equals the
 *  first. */
export function placeRemarks(
  remarks: readonly Interpretation[],
  around: Surroundings,
): PlacedRemark[] {
  const toPixel = pixelScale(around);
  const samples = around.curves.flatMap((curve) => sampleCurve(curve.map(toPixel)));
  const taken: Box[] = [];
  return remarks.map((remark) => {
    let best = { cost: Infinity, place: undefined as PlacedRemark | undefined, box: {} as Box };
    for (const place of candidates(remark)) {
      const box = boxOf(place, toPixel(place));
      const cost =
        costOf(box, samples, taken, around.size) + between(place, toPixel(place), samples);
      if (cost < best.cost) best = { cost, place, box };
    }
    taken.push(best.box);
    return best.place as PlacedRemark;
  });
}

function candidates({ number, text, anchors, isBesideLine }: Interpretation): PlacedRemark[] {
  const shifts = number === 1 ? [-18, 18] : isBesideLine ? [20, -20, 32, -32] : [0, -18, 18, -34];
  return shifts.flatMap((up) =>
    anchors.flatMap(({ x, y }) =>
      (['right', 'left'] as const).map((side) => ({ number, text, x, y, up, side })),
    ),
  );
}

function boxOf({ text, up, side }: PlacedRemark, anchor: Pixel): Box {
  const length = 18 + 6.6 * text.length;
  return {
    left: anchor.x - (side === 'left' ? length : 11),
    right: anchor.x + (side === 'right' ? length : 11),
    bottom: anchor.y + up - 10,
    top: anchor.y + up + 10,
  };
}

function costOf(
  box: Box,
  samples: readonly Pixel[],
  taken: readonly Box[],
  { width, height }: PlotSize,
): number {
  // A badge may reach over the edge by its radius.
  const isOutside = box.left < -11 || box.right > width + 11 || box.bottom < 0 || box.top > height;
  const overlaps = taken.filter(
    (other) =>
      other.left < box.right &&
      box.left < other.right &&
      other.bottom < box.top &&
      box.bottom < other.top,
  ).length;
  const covered = samples.filter(
    ({ x, y }) => box.left < x && x < box.right && box.bottom < y && y < box.top,
  ).length;
  return covered + 1000 * overlaps + (isOutside ? 1000 : 0);
}

// A curve between the badge and what it points at would claim the remark for itself.
function between({ up }: PlacedRemark, anchor: Pixel, samples: readonly Pixel[]): number {
  const isBetween = ({ x, y }: Pixel) =>
    Math.abs(x - anchor.x) < 3 && (up > 0 ? y > anchor.y + 1 : y < anchor.y - 1);
  const distance = ({ y }: Pixel) => Math.abs(y - anchor.y);
  return samples.some((sample) => isBetween(sample) && distance(sample) < Math.abs(up)) ? 8 : 0;
}

// Pixels from the lower left corner.
function pixelScale({ x, y, size }: Surroundings): (point: Pixel) => Pixel {
  return (point) => ({
    x: ((point.x - x[0]) / (x[1] - x[0])) * size.width,
    y: ((point.y - y[0]) / (y[1] - y[0])) * size.height,
  });
}

function sampleCurve(curve: readonly Pixel[], steps = 16): Pixel[] {
  return curve.flatMap((point, i) => {
    const before = curve[i - 1];
    if (!before) return [point];
    return Array.from({ length: steps }, (_, step) => ({
      x: before.x + ((point.x - before.x) * (step + 1)) / steps,
      y: before.y + ((point.y - before.y) * (step + 1)) / steps,
    }));
  });
}

/** Layers that draw the remarks over the plot with a halo of the page's colour, so that lines
 *  behind do not cross the text. */
export function remarkLayers(
  remarks: readonly Interpretation[],
  around: Surroundings,
  y: Json,
  theme: ThemeName,
): Json[] {
  return placeRemarks(remarks, around).flatMap((remark) => layersOf(remark, y, theme));
}

function layersOf(remark: PlacedRemark, y: Json, theme: ThemeName): Json[] {
  const { background, text } = themes[theme];
  const data = { values: [{ x: remark.x, y: remark.y }] };
  const isRight = remark.side === 'right';
  const common = { yOffset: -remark.up, baseline: 'middle' };
  const align = isRight ? 'left' : 'right';
  const xOffset = isRight ? 13 : -13;
  const words = { ...common, type: 'text', align, fontSize: 11.5, xOffset };
  const halo = { stroke: background, strokeWidth: 4, strokeJoin: 'round', opacity: 0.85 };
  const badge = { type: 'point', shape: 'circle', size: 230, filled: true, opacity: 1 };
  const digit = { ...common, type: 'text', fontSize: 11, fontWeight: 'bold', color: background };
  const encoding = (value: string) => ({ y, text: { value } });
  return [
    { data, mark: { ...words, ...halo }, encoding: encoding(remark.text) },
    { data, mark: { ...words, color: text }, encoding: encoding(remark.text) },
    { data, mark: { ...badge, yOffset: -remark.up, color: text }, encoding: { y } },
    { data, mark: digit, encoding: encoding(String(remark.number)) },
  ];
}
