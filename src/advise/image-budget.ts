// How many images an advice takes: as many as its time allows to train on.
import { factsOf } from '../net/facts.js';
import type { Network } from '../net/network.js';

/** Images of a class that are taken of the training images, and of test images that are given, in
 *  a budget of ten minutes by a network of the usual cost. */
const USUAL_PER_CLASS = 100;
const MOST_PER_CLASS = 2000;

/** Forward FLOPs an image of the usual network: EfficientNet-Lite0 at 224 pixels. */
const USUAL_FLOPS = 7.6e8;

/** Most images of a class. In proportion to the time, and to the root of what the network costs
 *  less than the usual one: cheaper networks are trained on more images, and in more ways.
 *  @param classes that the network itself tells apart */
export function mostPerClass(network: Network, classes: number, budgetSeconds: number): number {
  const facts = [...factsOf(network, classes).values()];
  const flops = facts.reduce((sum, { forwardFlops }) => sum + forwardFlops, 0);
  const cheaper = Math.sqrt(Math.max(1, USUAL_FLOPS / Math.max(1, flops)));
  const factor = Math.max(0.5, budgetSeconds / 600) * cheaper;
  return Math.round(Math.min(MOST_PER_CLASS, USUAL_PER_CLASS * factor));
}
