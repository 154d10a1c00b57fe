// One line of a Caffe training log: what it says, when, and which process said it. Forms of 2014
// ("Test score #0: 0.61") and of later Caffe ("Test net output #0: accuracy = 0.61") are read.

/** What a line says. Values that are not finite numbers (nan, inf) are null. */
export type LogEvent =
  | { readonly kind: 'rate'; readonly iteration: number; readonly learningRate: number | null }
  | { readonly kind: 'train-loss'; readonly iteration: number; readonly loss: number | null }
  /** A test begins; `net` is its number where a solver has several. */
  | { readonly kind: 'testing'; readonly iteration: number; readonly net: number }
  | { readonly kind: 'score'; readonly score: 'accuracy' | 'loss'; readonly value: number | null };

/** An event with the process that logged it and its time, in milliseconds of the calendar (no time
 *  zone). */
export interface LogLine {
  readonly process: string;
  readonly time: number;
  readonly event: LogEvent;
}

/** Year of a month (1..12) and day: glog writes none. */
export type YearOf = (month: number, day: number) => number;

// Greedy start: where a torn line runs into the next one, the last header counts.
const header =
  /^.*[IWE](\d{4})?(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\s+(\d+) [\w.-]+:\d+\] +(.*?)\s*$/;
const ratePattern = /^Iteration (\d+), lr = (\S+)$/;
const lossPattern = /^Iteration (\d+)(?: \([^)]*\))?, loss = (\S+)$/;
const testingPattern = /^Iteration (\d+), Testing net(?: \(#(\d+)\))?/;
const scorePattern = /^Test score #([01]): (\S+)$/;
const outputPattern = /^Test net output #\d+: (\S+) = (\S+)/;

/** Reads one line without its line break; null for lines about anything else. */
export function parseLogLine(line: string, yearOf: YearOf): LogLine | null {
  // Almost all lines of a log are about something else.
  if (!line.includes('Iteration ') && !line.includes('Test ')) return null;
  const match = header.exec(line);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction = '0', process = '', text = ''] = match;
  const event = parseEvent(text);
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
    return {
      kind: 'score',
      score: match[1] === '0' ? 'accuracy' : 'loss',
      value: finite(match[2]),
    };
  }
  match = outputPattern.exec(text);
  const score = match ? scoreNamed(match[1] ?? '') : null;
  return score === null ? null : { kind: 'score', score, value: finite(match?.[2]) };
}

// Outputs have the names that the author gave them; top-5 accuracies are not ours.
function scoreNamed(name: string): 'accuracy' | 'loss' | null {
  if (/loss/i.test(name)) return 'loss';
  return /acc/i.test(name) && !/(top|@|_)-?_?5\b/i.test(name) ? 'accuracy' : null;
}

function finite(text: string | undefined): number | null {
  const value = Number(text || NaN);
  return Number.isFinite(value) ? value : null;
}

/** Years for a log whose job began on the date `stamp` (YYMMDD...): a line dated before it is of
 *  the next year. Jobs that were resumed keep their stamp, so this holds for a year from it.
 *  Without a stamp all lines are of one year. */
export function yearsFrom(stamp: string | null): YearOf {
  const match = stamp === null ? null : /^(\d\d)(\d\d)(\d\d)_\d+/.exec(stamp);
  if (!match) return () => 2000;
  const [year, month, day] = [2000 + Number(match[1]), Number(match[2]), Number(match[3])];
  return (m, d) => (m < month || (m === month && d < day) ? year + 1 : year);
}
