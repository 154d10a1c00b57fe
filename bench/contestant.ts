// A contestant whose requests are JSON, like its answers.
import { LineContestant } from './line-contestant.js';

/** See {@link LineContestant}. */
export class Contestant<Request, Answer extends object> {
  readonly #lines: LineContestant;

  constructor(name: string, command: readonly string[], environment: NodeJS.ProcessEnv) {
    const [program = '', ...args] = command;
    this.#lines = new LineContestant(program, args, environment, name);
  }

  /** @throws Error if the process refuses or has ended */
  async ask(request: Request): Promise<Answer> {
    return (await this.#lines.ask(JSON.stringify(request))) as Answer;
  }

  end(): void {
    this.#lines.end();
  }
}
