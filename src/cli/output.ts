// Where the command line writes: results to standard output, progress and remarks to standard
// error.
import pc from 'picocolors';
import { ParseError, SelfferError } from '../base/errors.js';
import { showsLinks } from './file-link.js';
import type { ErrorEvent } from '../library/events.js';
import { systemError } from '../base/system-error.js';

function coloursOf(stream: { readonly isTTY?: boolean }): typeof pc {
  const isWanted = process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb';
  return { ...pc, ...pc.createColors(isWanted && stream.isTTY === true) };
}

/** Colours of remarks, off unless standard error is a terminal and NO_COLOR is unset. */
export const colours = coloursOf(process.stderr);

/** Colours of results, for standard output. */
export const outputColours = coloursOf(process.stdout);

/** Whether results may have links that a click opens. */
export const outputLinks = showsLinks(process.stdout, process.env);

/** Ends the process where standard output takes no more: quietly if its reader has gone (`| head`),
 *  else with what the system says, such as a full disk. */
export function endWithOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    printError(systemError(error, 'standard output') ?? error, false);
    process.exit(2);
  });
}

/** Prints a result. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints one JSON object on one line. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints a remark. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints a warning. */
export function warning(message: string): void {
  remark(`${colours.yellow('warning')} ${message}`);
}

/** Prints an error: what was found and wanted, and what to do; as JSON if the command was asked for
 *  JSON. */
export function printError(error: unknown, asJson: boolean): void {
  const isOurs = error instanceof SelfferError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = isOurs ? error.hint : 'This is a mistake in selffer; SELFFER_DEBUG=1 shows where.';
  if (asJson) {
    const code = isOurs ? error.code : 'internal';
    const issues = error instanceof ParseError ? { issues: error.issues } : {};
    const told = { message, ...(hint === undefined ? {} : { hint }), ...issues };
    printJson({ event: 'error', code, ...told } satisfies ErrorEvent);
  } else {
    remark(`${colours.red('error')} ${message}`);
    if (hint !== undefined) remark(colours.dim(hint));
  }
  if (process.env['SELFFER_DEBUG'] && error instanceof Error) remark(error.stack ?? '');
}
