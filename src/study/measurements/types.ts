// The shape of measurements.json, schema selffer.measurements/1: what was measured of trained
// networks without training them.

/** A network as it was measured. */
export interface MeasuredNetwork {
  /** Of its run. */
  readonly identity: string;
  /** SHA-256 of its weights.safetensors. */
  readonly weights: string;
}

/** A linear classifier of a task on the features at a cut of a base. */
export interface Probe {
  /** Name of the base. */
  readonly base: string;
  /** The task whose classes are told apart. */
  readonly target: string;
  /** The cut: segments below the features. */
  readonly n: number;
  /** Fraction of the task's validation images that it gets right, with its 95 % interval for
   *  further images (Clopper and Pearson). */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Validation images. */
  readonly images: number;
  readonly trainImages: number;
  /** Numbers of a feature vector. */
  readonly features: number;
  /** Weight of the L2 penalty, chosen among the training images. */
  readonly penalty: number;
}

/** How alike two networks are at the end of a segment, on validation images of a task. */
export interface Similarity {
  readonly network: string;
  readonly other: string;
  readonly target: string;
  readonly segment: number;
  /** Linear CKA; null where one of them does not vary. */
  readonly alignment: number | null;
  readonly images: number;
}

/** How far layers moved from what they were copied from: |w - w0| / |w0| over all learned
 *  numbers; null where w0 is 0. */
export interface Movement {
  readonly network: string;
  /** The network that it copies. */
  readonly source: string;
  readonly layers: Readonly<Record<string, number | null>>;
  /** The same over whole segments. */
  readonly segments: readonly { readonly segment: number; readonly distance: number | null }[];
}

/** A base with one segment put back, tested without training. */
export interface Reset {
  readonly base: string;
  readonly segment: number;
  /** Fractions of the validation images: as it is; with the segment's own first values; with other
   *  random ones. */
  readonly baseAccuracy: number;
  readonly initialAccuracy: number;
  readonly redrawnAccuracy: number;
  readonly images: number;
}

/** Where a measurement was made: of one repeat of a split. */
export interface MeasuredPlace {
  /** The most training images of a probe, and validation images of a similarity. */
  readonly imageLimit: number;
  readonly executor: {
    readonly name: string;
    readonly version: string;
    readonly instructionSet: string;
    readonly threads: number;
  };
  /** Every network that it speaks of, by name. */
  readonly networks: Readonly<Record<string, MeasuredNetwork>>;
  /** Every task that it speaks of: the hash that identities have for it. */
  readonly tasks: Readonly<Record<string, string>>;
  readonly probes: readonly Probe[];
  readonly similarities: readonly Similarity[];
  readonly movements: readonly Movement[];
  readonly resets: readonly Reset[];
}

/** Content of measurements.json: places by the folder of their networks, such as "split0-r1". */
export interface Measurements {
  readonly schema: 'selffer.measurements/1';
  readonly places: Readonly<Record<string, MeasuredPlace>>;
}
