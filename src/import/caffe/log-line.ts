// One line of a Caffe training log: what it says, when, and which process said it. Forms of 2014
// ("Test score #0: 0.61") and of later Caffe ("Test net output #0: accuracy = 0.61") are read.

/** What a line says. Values that are not finite numbers (nan, inf) are null. */
export type LogEvent =
  | { readonly kind: 'rate'; readonly iteration: number; readonly learningRate: number | null }
  | { readonly kind: 'train-loss'; readonly iteration: number; readonly loss: number | null }
  /** A test begins; `net` is its number where a solver has several. */
  | { readonly kind: 'testing'; readonly iteration: number; readonly net: number }
  /** One output of a test, by the name that the author gave it. */
  | { readonly kind: 'output'; readonly name: string; readonly value: number | null }
  /** The process resumes from a snapshot. */
  | { readonly kind: 'resumed' }
  /** The process has finished. */
  | { readonly kind: 'end' };

/** An event with the process that logged it and its time, in milliseconds of the calendar (no time
 *  zone). */
export interface LogLine {
  readonly process: string;
  readonly time: number;
  readonly event: LogEvent;
}

/** Year of a month (1..12) and day: glog writes none. */
export type YearOf = (month: number, day: number) => number;

/** Longer lines are not of Caffe. */
const LONGEST = 4096;

// Every repetition has a bound, so that no line takes long, whatever is in it.
const header =
  /[IWE](\d{4})?(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\s{1,16}(\d{1,10}) [\w.-]{1,80}:\d{1,6}\] /g;
const ratePattern = /^Iteration (\d+), lr = (\S+)$/;
const lossPattern = /^Iteration (\d+)(?: \([^)]*\))?, loss = (\S+)$/;
const testingPattern = /^Iteration (\d+), Testing net(?: \(#(\d+)\))?/;
const scorePattern = /^Test score #([01]): (\S+)$/;
const outputPattern = /^Test net output #\d+: (\S+) = (\S+)/;
const resumedPattern = /^(?:Restoring previous solver status from|Resuming from) /;
const endPattern = /^Optimization Done\./;

/** Reads one line without its line break; null for lines about anything else. */
export function parseLogLine(line: string, yearOf: YearOf): LogLine | null {
  if (!mayMatter(line)) return null;
  // Where a torn line runs into the next one, the last header counts.
  const match = [...line.matchAll(header)].at(-1);
  if (match === undefined) return null;
  const [head, year, month, day, hour, minute, second, fraction = '0', process = ''] = match;
  const event = parseEvent(line.slice(match.index + head.length).trim());
  if (event === null) return null;
  const date = [Number(month), Number(day)] as const;
  const time = Date.UTC(
    year === undefined ? yearOf(...date) : Number(year),
    date[0] - 1,
    date[1],
    Number(hour),
    Number(minute),
    Number(second),
  );
  return { process, time: time + 1000 * Number(`0.${fraction}`), event };
}

/** What a line says that has no header, as logs that were printed without it have; null for lines
 *  about anything else. */
export function parseBareLine(line: string): LogEvent | null {
  return mayMatter(line) ? parseEvent(line.trim()) : null;
}

// Almost all lines of a log are about something else.
function mayMatter(line: string): boolean {
  return (
    line.length <= LONGEST &&
    ['Iteration ', 'Test ', 'Restoring ', 'Resuming ', 'Optimization '].some((word) =>
      line.includes(word),
    )
  );
}

function parseEvent(text: string): LogEvent | null {
  let match = ratePattern.exec(text);
  if (match) {
    return { kind: 'rate', iteration: Number(match[1]), learningRate: finite(match[2]) };
  }
  match = lossPattern.exec(text);
  if (match) return { kind: 'train-loss', iteration: Number(match[1]), loss: finite(match[2]) };
  match = testingPattern.exec(text);
  if (match) return { kind: 'testing', iteration: Number(match[1]), net: Number(match[2] ?? 0) };
  match = scorePattern.exec(text);
  if (match) {
    const name = match[1] === '0' ? 'accuracy' : 'loss';
    return { kind: 'output', name, value: finite(match[2]) };
  }
  match = outputPattern.exec(text);
  if (match) return { kind: 'output', name: match[1] ?? '', value: finite(match[2]) };
  if (resumedPattern.test(text)) return { kind: 'resumed' };
  return endPattern.test(text) ? { kind: 'end' } : null;
}

function finite(text: string | undefined): number | null {
  const value = Number(text || NaN);
  return Number.isFinite(value) ? value : null;
}

/** When a log's job began, by its file's name: `<YYMMDD>_<job>...` of a cluster job, or
 *  `<program>...<YYYYMMDD>-<time>.<process>` of glog; null if the name does not say it. */
export function stampOf(file: string): readonly [year: number, month: number, day: number] | null {
  const cluster = /^(\d\d)(\d\d)(\d\d)_\d/.exec(file);
  if (cluster) return [2000 + Number(cluster[1]), Number(cluster[2]), Number(cluster[3])];
  const glog = /\.(\d{4})(\d\d)(\d\d)-\d{6}\.\d+(?:\.gz)?$/.exec(file);
  return glog ? [Number(glog[1]), Number(glog[2]), Number(glog[3])] : null;
}

/** Years for a log whose job began on the date of its stamp: a line dated before it is of the next
 *  year. Jobs that were resumed keep their stamp, so this holds for a year from it. Without a stamp
 *  the year turns where January follows December. */
export function yearsFrom(stamp: ReturnType<typeof stampOf>): YearOf {
  if (stamp === null) return turningYears();
  const [year, month, day] = stamp;
  return (m, d) => (m < month || (m === month && d < day) ? year + 1 : year);
}

function turningYears(): YearOf {
  let year = 2000;
  let before = 1;
  return (month) => {
    if (before === 12 && month === 1) year += 1;
    before = month;
    return year;
  };
}
