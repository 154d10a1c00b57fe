// Requests that are not answered as asked for, with the status that says why.
import { SelfferError } from '../base/errors.js';

/** A request that is refused. */
export class Refusal extends SelfferError {
  readonly status: number;
  constructor(status: number, message: string, hint?: string) {
    super('usage', message, hint === undefined ? {} : { hint });
    this.status = status;
  }
}
