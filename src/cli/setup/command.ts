// Runs a program of the system to its end and keeps what it says.
import { spawnSync } from 'node:child_process';

const LONGEST_MS = 20 * 60_000;
const LAST_LINES = 3;

/** What a program printed, or how it failed in a line or a few. */
export type Outcome = { readonly output: string } | { readonly failure: string };

/** Where and with what a program runs. */
export interface Surroundings {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs it without a terminal. Its messages are in English, for they are read. */
export function run(command: readonly string[], { cwd, environment }: Surroundings = {}): Outcome {
  const [program = '', ...args] = command;
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    env: { ...process.env, LC_ALL: 'C', ...environment },
  });
  if (status === 0) return { output: stdout };
  const how = error?.message ?? (signal === null ? `status ${status}` : signal);
  return { failure: `${program} ended with ${how}: ${reason(stderr || stdout || '')}` };
}

// apt marks what counts with "E:"; npm and others say it in their last lines.
function reason(said: string): string {
  const lines = said.trim().split('\n');
  const marked = lines.filter((line) => line.startsWith('E:'));
  return (marked.length > 0 ? marked : lines).slice(-LAST_LINES).join('; ');
}

/** True if the system has a program of this name. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
}
