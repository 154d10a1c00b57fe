// Calls of Slurm's commands: each with a limit in time, tried again while the controller does not
// answer, never through a shell.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { SchedulerError } from '../../base/errors.js';

/** Commands of Slurm that are called. */
export type SlurmCommand = 'sbatch' | 'squeue' | 'scancel' | 'scontrol' | 'sacct';

/** How patient calls are. */
export interface Patience {
  /** A call that takes longer is ended and counts as one that got no answer. */
  readonly timeoutMs: number;
  /** Pauses before the second try, the third, ... */
  readonly pausesMs: readonly number[];
}

const usualPatience: Patience = {
  timeoutMs: 60_000,
  pausesMs: [1000, 2000, 4000, 8000, 16_000],
};

/** What one call said. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The command is not on this machine. */
  readonly isMissing: boolean;
  readonly isLate: boolean;
}

// What the commands say while the controller or its machine is away, restarts or is too busy.
const PASSING =
  /Unable to contact slurm controller|Socket timed out|Zero Bytes were transmitted|Connection (refused|reset|timed out)|Communication connection failure|Transport endpoint|temporarily (unable|unavailable)|Slurm backup controller in standby|Unexpected message received|Slurmctld is (busy|down)/i;

// Of these the answer's form or its choice of jobs depends; or sbatch would wait for its job's end.
const FOREIGN = /^(SQUEUE_|SACCT_|SCANCEL_|SLURM_TIME_FORMAT$|SLURM_BITSTR_LEN$|SBATCH_WAIT$)/;

// Within a job: what Slurm set for that one, which jobs that it submits would have too, such as how
// often it was started. How Slurm is reached stays.
const OF_A_JOB = /^(SLURM_(?!CONF|JWT)|SLURMD_)/;

/** Calls a command; never rejects. */
export type CallCommand = (command: SlurmCommand, args: readonly string[]) => Promise<Answer>;

/** Slurm as it is reached from this machine. */
export class Scheduler {
  readonly #patience: Patience;
  readonly #call: CallCommand;

  constructor(patience: Patience = usualPatience, call: CallCommand = callsOf(patience)) {
    this.#patience = patience;
    this.#call = call;
  }

  /** Standard output of a command that may be called twice without harm.
   *  @throws SchedulerError with what the command said */
  async ask(command: SlurmCommand, args: readonly string[]): Promise<string> {
    return this.#tryWhilePassing(command, args, () => Promise.resolve(null));
  }

  /** Standard output of a command that changes something. Before it is called again because no
   *  answer came, `found` says whether the first call was heard: its answer is then the result.
   *  @throws SchedulerError with what the command said */
  async change(
    command: SlurmCommand,
    args: readonly string[],
    found: () => Promise<string | null>,
  ): Promise<string> {
    return this.#tryWhilePassing(command, args, found);
  }

  async #tryWhilePassing(
    command: SlurmCommand,
    args: readonly string[],
    found: () => Promise<string | null>,
  ): Promise<string> {
    for (let tries = 0; ; tries++) {
      const answer = await this.#call(command, args);
      if (answer.status === 0 && !answer.isLate) return answer.stdout;
      const pause = this.#patience.pausesMs[tries];
      const isPassing = answer.isLate || PASSING.test(answer.stderr);
      if (!isPassing || pause === undefined) throw refusal(command, answer, tries + 1);
      await sleep(pause);
      const earlier = await found();
      if (earlier !== null) return earlier;
    }
  }
}

/** Calls of this machine's commands. */
export function callsOf({ timeoutMs }: Patience, environment = process.env): CallCommand {
  const isInJob = environment['SLURM_JOB_ID'] !== undefined;
  const env = Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !FOREIGN.test(name) && !(isInJob && OF_A_JOB.test(name)),
    ),
  );
  const limits = { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 2 ** 28, env } as const;
  return (command, args) =>
    new Promise((resolve) => {
      execFile(command, [...args], limits, (error, stdout, stderr) => {
        const { code = 0, killed = false } = error ?? {};
        const said = stderr.trim() === '' ? (error?.message ?? '') : stderr.trim();
        resolve({
          status: error === null ? 0 : typeof code === 'number' ? code : null,
          stdout,
          stderr: said,
          isMissing: (code as unknown) === 'ENOENT',
          isLate: killed,
        });
      });
    });
}

function refusal(command: SlurmCommand, answer: Answer, tries: number): SchedulerError {
  if (answer.isMissing) {
    return new SchedulerError(`${command}: not found on this machine`, {
      hint: 'Call this on a machine from which jobs are submitted, such as a login node.',
      data: { isMissing: true },
    });
  }
  const often = tries === 1 ? '' : ` (${tries} tries)`;
  const said = answer.isLate ? 'gave no answer in time' : answer.stderr;
  return new SchedulerError(`${command}${often}: ${said || `ended with ${answer.status}`}`, {
    hint: 'The message is Slurm’s own. What was submitted before stays; the same command looks first at what is queued.',
  });
}

/** Whether an error says that a command of Slurm is not on this machine. */
export function isMissing(error: unknown): boolean {
  return error instanceof SchedulerError && error.data['isMissing'] === true;
}
