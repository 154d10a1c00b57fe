// A process that is asked for measurements: one line a request on its stdin, one line of JSON an
// answer on its stdout.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A child process that answers requests one at a time. It ends when its stdin ends. */
export class LineContestant {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;

  /** @param name of the contestant, for errors; default the program's */
  constructor(
    program: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
    name = program,
  ) {
    this.#name = name;
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    // What cannot be started ends its output: `ask` tells.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The answer to a request. @throws Error if the process refuses or has ended */
  async ask(line: string): Promise<object> {
    this.#child.stdin?.write(`${line}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) {
      throw new Error(`${this.#name}: ${this.#child.spawnfile} ended before it answered`);
    }
    const answer = JSON.parse(value) as object;
    if ('error' in answer) throw new Error(`${this.#name}: ${String(answer.error)}`);
    return answer;
  }

  end(): void {
    this.#child.stdin?.end();
  }
}
