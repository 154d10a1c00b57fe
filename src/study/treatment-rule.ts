// What a row of the table of treatments says.

/** What a treatment is compared with in paired tests. */
export interface Control<Kind extends string> {
  /** Another treatment. */
  readonly against: Kind;
  /** Place of the question among all of them in results.json, the most asked first. */
  readonly place: number;
}

/** Everything that differs between treatments. */
export interface TreatmentRule<Kind extends string = string> {
  /** One sentence or two for readers, written for a network of task B and a base of task A. */
  readonly meaning: string;
  /** The same in a few words, beside its row in Figure 1. */
  readonly words: string;
  /** In legends: at most 20 characters, so that three columns fit (Vega without a canvas
   *  overestimates widths). */
  readonly label: string;
  /** Left of an axis: at most 8 characters. */
  readonly short: string;
  /** What follows the target's letter in a network's name. */
  readonly suffix: string;
  /** Whose weights the first n layers get: fresh ones, those of the target's own base, or those of
   *  another task's base. */
  readonly source: 'none' | 'target' | 'other';
  /** The network of the same source, target and n that it goes on from, all layers and the
   *  classifier; left out: its layers come from a base. */
  readonly from?: Kind;
  /** Which n it is trained for: none (0), every n of the study, or L. */
  readonly layers: 'none' | 'some' | 'all';
  /** What layers 1..n get of their source: its weights, or only the mean and the standard deviation
   *  of each tensor, for random ones to be drawn with; left out: its weights. */
  readonly takes?: 'moments';
  /** Which layers stay as they are: none, 1..n, or all but n and the last, which are copied too
   *  then. */
  readonly frozen: 'none' | 'first' | 'others';
  /** Further layers n+1..n+preserved that are copied too and learn (the authors' unpublished
   *  "preserved" networks). */
  readonly preserved: 0 | 1 | 2;
  /** How many times as long as the study's schedule its own is; left out: 1. */
  readonly schedules?: 2;
  /** Factor of the rate of copied layers, unless the study gives one; left out: 1. */
  readonly copiedRate?: number;
  /** Paired tests that it joins. */
  readonly controls: readonly Control<Kind>[];
  /** In Figure 2: a line of means and marks, marks alone, or nothing (random features may lie far
   *  below and have their own figure). */
  readonly inFigure2: 'line' | 'mark' | 'none';
  /** Whether dead networks count in means: of random features, death is the finding. */
  readonly countsDead: boolean;
  /** Whether studies that do not say which treatments they want have it. */
  readonly byDefault: boolean;
}
