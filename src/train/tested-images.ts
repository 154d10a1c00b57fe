// The images that a test goes through, once more and apart from the minibatches of training.
import { contentHash } from '../base/canonical-json.js';
import { assert } from '../base/errors.js';
import { makeTask, selectionTask } from '../data/classes/task.js';
import type { ImageSet, Task } from '../data/image-set.js';
import { allocateMinibatch, loadTestMinibatch } from '../data/minibatch/minibatch.js';
import type { MinibatchSource } from '../data/minibatch/minibatch-source.js';
import { type Answers, packAnswers } from '../runs/answers.js';
import type { FurtherTest, GangJob } from './job.js';

/** Validation images of a task, in its order, and where minibatches of them come from. */
export interface TestImages {
  readonly task: Task;
  readonly source: Pick<MinibatchSource, 'test'>;
}

/** Makes test minibatches in the calling thread. A source that loads ahead has its order of
 *  minibatches; this one can be asked at any time.
 *  @throws DataError if crop or batch do not fit */
export function testImages({ network, schedule }: GangJob, task: Task): TestImages {
  const { height, width } = network.input;
  const options = { batch: schedule.batch, crop: { height, width } };
  const buffer = allocateMinibatch(task.set, options);
  return { task, source: { test: (index) => loadTestMinibatch(task, options, index, buffer) } };
}

/** The images of a further test, as the validation images of a task. */
export function furtherImages(set: ImageSet, { task, part }: FurtherTest): Task {
  const { classes, imagesPerClass, selection } = task;
  if (part === 'selection') {
    assert(selection !== undefined, `${task.store}: keeps no images aside, which are to be tested`);
    return selectionTask(set, classes, imagesPerClass, selection);
  }
  const tested = part === 'val' ? set : { ...set, val: set.train };
  return makeTask(tested, classes, null);
}

/** What a test said, with the images that it speaks of. Which those are follows from the data set,
 *  the part and the classes of the task.
 *  @param right by image, as `evaluate` gives it */
export function answersOf(task: Task, right: Uint8Array): Answers {
  const { set, classes, val, valLabels } = task;
  const imagesHash = contentHash({ data: set.manifestHash, part: 'val', classes });
  const labels = Int32Array.from(val, (record) => valLabels[record] as number);
  return packAnswers(imagesHash, labels, right);
}
