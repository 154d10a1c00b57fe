// Every error a user or a caller can meet. Message: who, what was found, what was wanted; `hint`:
// what to do.

/** Machine-readable kind of a {@link SelfferError}. */
export type ErrorCode =
  | 'usage'
  | 'parse'
  | 'data'
  | 'fetch'
  | 'shape'
  | 'op-param'
  | 'unsupported-op'
  | 'native'
  | 'executor-missing'
  | 'run-store'
  | 'file'
  | 'identity'
  | 'plan'
  | 'scheduler'
  | 'internal';

/** Options shared by all errors: what to do about it, and what caused it. */
export interface ErrorDetail {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Base of all errors thrown on purpose. `exitCode` is the process exit status the CLI uses. */
export class SelfferError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = detail.hint;
    this.data = detail.data ?? {};
  }

  /** 2 for wrong usage or invalid input, 1 for everything else. */
  get exitCode(): 1 | 2 {
    return wrongInput.has(this.code) ? 2 : 1;
  }
}

const wrongInput = new Set<ErrorCode>([
  ...(['usage', 'parse', 'data', 'identity', 'plan', 'run-store', 'file'] as const),
  // What a user's network asks for.
  ...(['shape', 'op-param'] as const),
]);

/** The command line or an option is wrong. */
export class UsageError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('usage', message, detail);
  }
}

/** One problem found in a user's file. */
export interface FileIssue {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A user's file is invalid; all issues found are reported together, file by file in the order of
 *  their places. */
export class ParseError extends SelfferError {
  readonly issues: readonly FileIssue[];
  constructor(issues: readonly FileIssue[], detail?: ErrorDetail) {
    const sorted = byPlace(issues);
    super('parse', [...summary(sorted), ...listed(sorted)].join('\n'), detail);
    this.issues = sorted;
  }
}

// Files as they were first named; issues without a line are about the whole file and come first.
function byPlace(issues: readonly FileIssue[]): readonly FileIssue[] {
  const files = [...new Set(issues.map(({ file }) => file))];
  return issues.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/** So many problems are read one by one. */
const FEW = 12;
/** So many more than anybody reads. */
const MOST_LISTED = 1000;

function listed(issues: readonly FileIssue[]): readonly string[] {
  return issues.slice(0, MOST_LISTED).map(formatIssue);
}

// Hundreds of lines that all say the same hide what to do: first how many there are of each kind.
// Those of a kind differ only in names, numbers and what was found.
function summary(issues: readonly FileIssue[]): readonly string[] {
  if (issues.length <= FEW) return [];
  const kinds = new Map<string, FileIssue[]>();
  for (const issue of issues) {
    const kind = issue.message.replace(/"[^"]*"|[\d.]+|found [^,]*/g, '_');
    const same = kinds.get(kind);
    if (same === undefined) kinds.set(kind, [issue]);
    else same.push(issue);
  }
  const counts = [...kinds.values()].sort((a, b) => b.length - a.length);
  const lines = counts.map((of) => {
    const first = of[0] as FileIssue;
    const place = first.line === undefined ? '' : ` (line ${first.line})`;
    return of.length === 1
      ? `  once: ${first.message}${place}`
      : `  ${of.length} times, first${place}: ${first.message}`;
  });
  const shownKinds = lines.slice(0, FEW);
  const more = lines.length - shownKinds.length;
  return [
    `${issues.length} problems of ${lines.length} ${lines.length === 1 ? 'kind' : 'kinds'}:`,
    ...shownKinds,
    ...(more === 0 ? [] : [`  and ${more} more kinds`]),
    issues.length > MOST_LISTED ? `The first ${MOST_LISTED}:` : 'All of them:',
  ];
}

/** An issue as one line: file, line and column as far as known, and the message. */
export function formatIssue(issue: FileIssue): string {
  const place = [issue.file, issue.line, issue.column].filter((part) => part !== undefined);
  return `${place.join(':')}: ${issue.message}`;
}

/** A data source is missing, unreadable or inconsistent. */
export class DataError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('data', message, detail);
  }
}

/** A file could not be downloaded, was not the one wanted, or could not be kept. */
export class FetchError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('fetch', message, detail);
  }
}

/** Shapes or dtypes do not fit together. */
export class ShapeError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('shape', message, detail);
  }
}

/** An op was given a parameter outside its domain. */
export class OpParamError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('op-param', message, detail);
  }
}

/** An executor cannot do an op; thrown when a program is compiled, never while it runs. */
export class UnsupportedOpError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('unsupported-op', message, detail);
  }
}

/** A native library answered with a failure status. */
export class NativeError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('native', message, detail);
  }
}

/** An executor's library is not on this machine; `hint` is the one command that installs it. */
export class ExecutorMissingError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('executor-missing', message, detail);
  }
}

/** A study's folder, or a file of it, is damaged or holds something else. */
export class RunStoreError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('run-store', message, detail);
  }
}

/** Somebody else works on the folder: nothing is wrong with what was asked for. */
export class InUseError extends RunStoreError {
  override get exitCode(): 1 {
    return 1;
  }
}

/** The system refuses a file or folder: no room, no permission, not there, something else in its
 *  place. */
export class FileError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('file', message, detail);
  }
}

/** The folder holds runs of another identity; the keys that differ are named. */
export class IdentityError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('identity', message, detail);
  }
}

/** A study or program cannot be planned as asked. */
export class PlanError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('plan', message, detail);
  }
}

/** A command of the batch system is missing, gives no answer, or refuses. */
export class SchedulerError extends SelfferError {
  constructor(message: string, detail?: ErrorDetail) {
    super('scheduler', message, detail);
  }
}

/** Throws if an invariant of ours does not hold: a bug here, not a mistake of the user. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new SelfferError('internal', `internal: ${message}`);
}
