// A simulated network as the results table takes it.
import { networkName } from '../../src/study/network-name.js';
import type { NetworkResult } from '../../src/study/results/types.js';
import { taskOf } from '../../src/study/tasks.js';

/** What a network is. */
export type Role = Pick<NetworkResult, 'family' | 'treatment' | 'source' | 'target' | 'n'>;

/** A network that is done, with 50 test images of each of ImageNet's classes. */
export function made(
  role: Role,
  { split, repeat }: Pick<NetworkResult, 'split' | 'repeat'>,
  percent: number,
): NetworkResult {
  const classes = role.target === null ? 1000 : 500;
  const folder = repeat === 0 ? split : `${split}-r${repeat}`;
  return {
    ...role,
    name: `${folder}/${networkName({ ...role, target: taskOf(role.target) })}`,
    split,
    repeat,
    state: 'done',
    accuracy: percent / 100,
    finalAccuracy: percent / 100,
    originalName: null,
    imagesPerClass: null,
    testImages: 50 * classes,
    classes,
  };
}
