// The chart of learning curves: uPlot, with the looks of the page.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ThemeName } from '../../../src/figures/spec.js';
import { themes } from '../../../src/figures/theme.js';
import { whole } from '../words/numbers.js';
import type { Aligned } from './align.js';
import type { LineLook } from './line-looks.js';

/** What the chart is made of; it is made anew when any of it changes. */
export interface ChartLook {
  readonly theme: ThemeName;
  readonly lines: readonly (LineLook & { readonly label: string })[];
  /** Title of the vertical axis. */
  readonly unit: string;
}

/** What the chart tells. */
export interface ChartListener {
  /** Place on the axis of iterations under the pointer; null outside. */
  readonly onPointer: (at: number | null) => void;
  /** The reader has marked a range of iterations, or wants all again. */
  readonly onZoom: (range: readonly [number, number] | null) => void;
}

/** Height of the chart, px. */
const height = 380;

/** A chart within an element. */
export class Chart {
  readonly #plot: uPlot;
  readonly #observer: ResizeObserver;

  constructor(element: HTMLElement, look: ChartLook, data: Aligned, listener: ChartListener) {
    const width = Math.max(240, element.clientWidth);
    this.#plot = new uPlot({ ...optionsOf(look, listener), width, height }, dataOf(data), element);
    this.#plot.over.addEventListener('dblclick', () => listener.onZoom(null));
    this.#observer = new ResizeObserver(() =>
      this.#plot.setSize({ width: Math.max(240, element.clientWidth), height }),
    );
    this.#observer.observe(element);
  }

  /** Shows other values; the axes fit them. */
  setData(data: Aligned, range: readonly [number, number] | null): void {
    this.#plot.setData(dataOf(data), true);
    if (range !== null) this.#plot.setScale('x', { min: range[0], max: range[1] });
  }

  /** Brings one line to the fore; null: all the same. */
  focus(line: number | null): void {
    this.#plot.setSeries(line === null ? null : line + 1, { focus: true });
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#plot.destroy();
  }
}

function optionsOf(
  look: ChartLook,
  listener: ChartListener,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { muted, grid } = themes[look.theme];
  const axis = {
    stroke: muted,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    font: '12px system-ui, sans-serif',
    labelFont: '13px system-ui, sans-serif',
  };
  return {
    scales: { x: { time: false } },
    legend: { show: false },
    focus: { alpha: 0.25 },
    cursor: {
      focus: { prox: 24 },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: { dblclick: () => () => null },
    },
    axes: [
      {
        ...axis,
        label: 'iteration',
        labelSize: 22,
        size: 34,
        values: (_, ticks) => ticks.map((tick) => whole(tick)),
      },
      { ...axis, label: look.unit, size: 56 },
    ],
    series: [
      {},
      ...look.lines.map(({ label, color, dash }) => ({
        label,
        stroke: color,
        width: 1.6,
        dash: [...dash],
        spanGaps: true,
        points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [(plot) => listener.onPointer(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoom(plot, listener)],
    },
    padding: [12, 12, 0, 0],
  };
}

function zoom(plot: uPlot, listener: ChartListener): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  listener.onZoom(range);
}

const dataOf = ({ iterations, values }: Aligned): uPlot.AlignedData => [
  [...iterations],
  ...values.map((row) => [...row]),
];
