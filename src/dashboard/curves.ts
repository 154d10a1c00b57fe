// Curves of networks, thinned to what a screen can show.
import type { CurvesAnswer } from './api.js';
import type { PlanView } from './plan-view.js';
import type { CurvesQuery } from './study-look.js';
import { thinned } from './thin.js';

/** The curves that are asked for; networks that there are none of are left out. */
export function curvesOf(planned: PlanView | null, query: CurvesQuery): CurvesAnswer {
  const curves = query.networks.flatMap((network) => {
    const curve = planned?.curve(network) ?? null;
    if (curve === null) return [];
    const [xs, ys] = [curve.column('iteration'), curve.column(query.what)];
    const places = thinned(xs, ys, query);
    return [
      {
        network,
        iterations: places.map((at) => xs[at] as number),
        values: places.map((at) => orNull(ys[at] as number)),
      },
    ];
  });
  return { curves };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
