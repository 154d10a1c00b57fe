// A process that is asked for measurements: one JSON request a line on its stdin, one JSON answer a
// line on its stdout.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** An answer that says why there is none. */
interface Refusal {
  readonly error: string;
}

/** A child process that answers requests one at a time. It ends when its stdin ends. */
export class Contestant<Request, Answer extends object> {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;

  constructor(name: string, command: readonly string[], environment: NodeJS.ProcessEnv) {
    const [program = '', ...args] = command;
    this.#name = name;
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
    // What cannot be started ends its output: `ask` tells.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error if the process refuses or has ended */
  async ask(request: Request): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) {
      throw new Error(`${this.#name}: ${this.#child.spawnfile} ended before it answered`);
    }
    const answer = JSON.parse(value) as Answer | Refusal;
    if ('error' in answer) throw new Error(`${this.#name}: ${answer.error}`);
    return answer;
  }

  end(): void {
    this.#child.stdin?.end();
  }
}
