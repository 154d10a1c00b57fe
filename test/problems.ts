// What is wrong with a user's file, as tests compare it.
import { ParseError, type SelfferError } from '../src/base/errors.js';

/** Errors of one class. */
type Kind = abstract new (...args: never[]) => SelfferError;

/** The message that a user would read of the error that `work` throws; "none" if it throws none.
 *  Errors of other classes go on. */
export function messageOf(work: () => unknown, kind: Kind = ParseError): string {
  try {
    work();
  } catch (error) {
    if (error instanceof kind) return error.message;
    throw error;
  }
  return 'none';
}

/** {@link messageOf}, line by line; no line for none. */
export function linesOf(work: () => unknown, kind: Kind = ParseError): readonly string[] {
  const message = messageOf(work, kind);
  return message === 'none' ? [] : message.split('\n');
}

/** Each problem by itself that `work` finds in a file; none if it finds none. Other errors go
 *  on. */
export function problemsOf(work: () => unknown): ParseError['issues'] {
  try {
    work();
  } catch (error) {
    if (error instanceof ParseError) return error.issues;
    throw error;
  }
  return [];
}
