// Starting and stopping the run of a study from the page.

/** Who runs a study for the server. */
export interface RunControl {
  readonly state: 'idle' | 'running' | 'stopping';
  /** ISO; null without a run. */
  readonly startedAt: string | null;
  /** How the last run went wrong, in words; null if it did not. */
  readonly problem: string | null;
  /** Called whenever one of these changes. */
  onChange: () => void;
  /** Starts what is missing of the study. @throws Refusal if it cannot */
  start(): void;
  /** Asks the run to save and end. @throws Refusal if there is none */
  stop(): void;
  /** The last that the run said of a network. */
  logOf(network: string): readonly string[];
}
