// What a worker says while it measures.
import type { MeasuredPlace } from '../study/measurements/types.js';

/** One line that it prints (JSON). */
export type MeasureEvent =
  | {
      /** Before each piece of work: cost of those that are done, and of all. */
      readonly event: 'measuring';
      readonly done: number;
      readonly of: number;
      /** In words. */
      readonly what: string;
    }
  | { readonly event: 'measured'; readonly measured: MeasuredPlace }
  | { readonly event: 'stopped' }
  | { readonly event: 'finished' };
