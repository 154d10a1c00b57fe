// What a base loses when one of its segments is put back to first values, without training.
import type { Json } from '../base/canonical-json.js';
import { factsOf } from '../net/facts.js';
import { type Segment, segmentsOf } from '../net/cuts.js';
import type { Reset } from '../study/measurements/types.js';
import type { ForwardNetwork, NamedTensors } from '../train/forward/forward-network.js';
import { imageCount, type ImageChoice, passImages } from '../train/forward/image-pass.js';
import { freshValue } from '../train/initial-values.js';
import type { MeasureJob, Subject } from './job.js';
import type { Place } from './place.js';

/** Tests a base with each segment in turn at its own first values, and at others of the same
 *  distribution; running means and variances go back too.
 *  @source Zhang, Bengio & Singer 2019, Are All Layers Created Equal?, section 3 */
export async function resetSegments(place: Place, subject: Subject): Promise<readonly Reset[]> {
  const { target } = subject;
  const { network: definition } = place.job;
  const weights = place.weights(subject.name);
  const segments = segmentsOf(definition);
  const ends = [segments.length];
  const network = await place.open({ subject, target, looks: ['answers'], ends });
  const choice: ImageChoice = { task: place.task(target), part: 'val' };
  try {
    const baseAccuracy = await accuracyOf(network, choice);
    const resets: Reset[] = [];
    for (const segment of segments) {
      const own = firstValues(place.job, subject, segment, subject.initStream);
      const others = firstValues(place.job, subject, segment, [...subject.initStream, 'reset']);
      await network.write(own);
      const initialAccuracy = await accuracyOf(network, choice);
      await network.write(others);
      const redrawnAccuracy = await accuracyOf(network, choice);
      await network.write(pick(weights, Object.keys(own)));
      resets.push({
        ...{ base: subject.name, segment: segment.ordinal, baseAccuracy },
        ...{ initialAccuracy, redrawnAccuracy, images: imageCount(choice) },
      });
    }
    return resets;
  } finally {
    network.dispose();
  }
}

async function accuracyOf(network: ForwardNetwork, choice: ImageChoice): Promise<number> {
  let right = 0;
  for await (const { minibatch, rows } of passImages(choice, network.takes)) {
    const [answers] = [...(await network.look('answers', minibatch)).values()];
    for (let row = 0; row < rows; row++) right += answers?.data[row] ?? 0;
  }
  return right / imageCount(choice);
}

/** All blobs of a segment as they are drawn from a stream. */
function firstValues(
  { network }: MeasureJob,
  { classes }: Subject,
  segment: Segment,
  stream: readonly Json[],
): NamedTensors {
  const facts = factsOf(network, classes);
  return Object.fromEntries(
    segment.layers.flatMap((layer) =>
      (facts.get(layer)?.blobs ?? []).map((blob) => [
        `${layer}.${blob.name}`,
        freshValue({ layer, blob }, stream),
      ]),
    ),
  );
}

function pick(tensors: NamedTensors, names: readonly string[]): NamedTensors {
  return Object.fromEntries(
    names.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])),
  );
}
