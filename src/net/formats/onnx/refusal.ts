// Why a node of a graph cannot be taken.

/** Half a sentence about one node; whoever walks the graph adds its name and place. */
export class Refusal extends Error {
  /** What can still be done. */
  readonly remedy: string | null;
  constructor(reason: string, remedy: string | null = null) {
    super(reason);
    this.remedy = remedy;
  }
}
