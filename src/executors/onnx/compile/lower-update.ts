// Solvers' updates and running averages. Numbers that follow from the run's scalars are computed in
// float64 on the host.
import { rateScalar } from '../../../program/ops/rate-scalar.js';
import { type Scalars, scalar } from '../../executor.js';
import type { Graph, Name } from './graph.js';
import type { Lowering } from './lowering.js';

const scaled = (graph: Graph, value: Name, factor: number): Name =>
  factor === 1 ? value : graph.mul(value, graph.float(factor));

/** See src/program/ops/sgd-update.ts. */
export const lowerSgdUpdate: Lowering<'sgd_update'> = (site) => {
  const { graph, params } = site;
  const [w, v, dw] = [site.input(0), site.input(1), site.input(2)];
  const { lrMult, momentum, weightDecay, nesterov } = params;
  const rate = site.scalar(
    `${rateScalar(params)} x ${lrMult}`,
    (scalars) => scalar(scalars, rateScalar(params)) * lrMult,
  );
  const slope = weightDecay === 0 ? dw : graph.add(dw, scaled(graph, w, weightDecay));
  const step = graph.mul(slope, rate);
  const velocity = momentum === 0 ? step : graph.add(scaled(graph, v, momentum), step);
  const move = nesterov ? graph.add(scaled(graph, velocity, momentum), step) : velocity;
  return [graph.sub(w, move), velocity];
};

/** See src/program/ops/adamw-update.ts. */
export const lowerAdamwUpdate: Lowering<'adamw_update'> = (site) => {
  const { graph, params } = site;
  const [w, m, v, dw] = [site.input(0), site.input(1), site.input(2), site.input(3)];
  const { lrMult, beta1, beta2, epsilon, weightDecay } = params;
  const name = `${rateScalar(params)} x ${lrMult}`;
  const rate = (scalars: Scalars): number => scalar(scalars, rateScalar(params)) * lrMult;
  const debias = (beta: number, scalars: Scalars): number =>
    1 - beta ** (scalar(scalars, 'iteration') + 1);
  const mean = graph.add(scaled(graph, m, beta1), scaled(graph, dw, 1 - beta1));
  const square = graph.add(scaled(graph, v, beta2), scaled(graph, graph.mul(dw, dw), 1 - beta2));
  const size = site.scalar(`1 / debias ${beta2}`, (scalars) => 1 / debias(beta2, scalars));
  const root = graph.apply('Sqrt', [graph.mul(square, size)]);
  const step = site.scalar(
    `${name} / debias ${beta1}`,
    (scalars) => rate(scalars) / debias(beta1, scalars),
  );
  const move = graph.mul(graph.div(mean, graph.add(root, graph.float(epsilon))), step);
  const kept = site.scalar(`1 - ${name} x ${weightDecay}`, (all) => 1 - rate(all) * weightDecay);
  const shrunk = weightDecay === 0 ? w : graph.mul(w, kept);
  return [graph.sub(shrunk, move), mean, square];
};

/** See src/program/ops/running-average.ts. */
export const lowerRunningAverage: Lowering<'running_average'> = (site) => {
  const { graph, params } = site;
  const { momentum, factor } = params;
  const found = scaled(graph, site.input(1), momentum * factor);
  return [graph.add(scaled(graph, site.input(0), 1 - momentum), found)];
};
