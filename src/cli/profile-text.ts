// The tables of `run --profile`.
import type { Peak } from '../train/profile/peak.js';
import type { GangEntry, UsageSum } from '../library/usage-log.js';
import { sumOf } from '../library/usage-log.js';
import { formatSize } from '../base/quantities.js';

/** A table for each gang, and one for all if there are several. */
export function profileText(gangs: readonly GangEntry[]): string {
  const tables = gangs.map((gang) => [...table(gang.gang, sumOf([gang])), ...notes([gang])]);
  if (gangs.length > 1) tables.push([...table('all gangs', sumOf(gangs)), ...notes(gangs)]);
  return tables.map((lines) => lines.join('\n')).join('\n\n');
}

function table(title: string, { seconds, train }: UsageSum): string[] {
  const inOps = train.rows.reduce((sum, { timeMs }) => sum + timeMs, 0) / 1000;
  const share = (part: number): string =>
    seconds.total > 0 ? `${((100 * part) / seconds.total).toFixed(1)} %` : '';
  const line = (name: string, part: number, calls = '', rate = ''): string =>
    `  ${name.padEnd(34)}${calls.padStart(9)}${part.toFixed(2).padStart(10)} s${share(part).padStart(9)}${rate}`;
  const isTimed = train.rows.length > 0;
  return [
    `${title}: ${seconds.total.toFixed(2)} s since the first iteration`,
    ...train.rows.map(({ op, calls, timeMs, flops }) =>
      line(op, timeMs / 1000, String(calls), flops > 0 ? rateColumn(flops, timeMs / 1000) : ''),
    ),
    line(isTimed ? 'between the ops of training' : 'training', seconds.training - inOps),
    line('evaluation', seconds.evaluation),
    line('waiting for data', seconds.data),
    line('checkpoints, weights, audits', seconds.saving),
    line('other JavaScript', seconds.other),
  ];
}

function rateColumn(flops: number, seconds: number): string {
  return `${giga(flops / seconds).padStart(8)} GFLOP/s`;
}

function notes(gangs: readonly GangEntry[]): string[] {
  const lines = arithmeticNotes(gangs, sumOf(gangs));
  const ratios = gangs.flatMap(({ arenaBytes, peakLiveBytes }) =>
    peakLiveBytes === undefined || peakLiveBytes === 0 ? [] : [arenaBytes / peakLiveBytes],
  );
  if (ratios.length > 0) {
    const arena = formatSize(Math.max(...gangs.map(({ arenaBytes }) => arenaBytes)));
    lines.push(
      `  arena ${arena}, ${Math.max(...ratios).toFixed(3)} times the values alive at once; loader threads: ${gangs.at(-1)?.loaders}`,
    );
  }
  return lines;
}

function arithmeticNotes(gangs: readonly GangEntry[], sum: UsageSum): string[] {
  const { seconds, train, loopFlops, productFlops } = sum;
  const peaks = gangs.flatMap(({ profile }) => profile?.peak ?? []);
  if (productFlops === null || peaks.length === 0 || seconds.training === 0) {
    return ['  share of the peak: this executor tells no times'];
  }
  const run = train.rows.reduce((total, { flops }) => total + flops, 0);
  const shareOf = (flops: number): string =>
    `  = ${((100 * run) / flops).toFixed(1)} % of ${giga(flops / seconds.training)}, `;
  const saved = train.flops / run >= 1.005;
  const direct = `, in place of ${giga(train.flops / seconds.training)} by direct convolutions`;
  return [
    `  arithmetic in training ${giga(run / seconds.training)} GFLOP/s${saved ? direct : ''}`,
    loopFlops === null
      ? `  = ? % of a loop of multiply-adds, which was not measured: ${whyNoLoop(peaks)}`
      : `${shareOf(loopFlops)}a loop of ${instructions(peaks)} measured in the same process`,
    `${shareOf(productFlops)}the best matrix product measured in the same process`,
    `  (convolutions and inner products; no taps in the padding${saved ? '; Winograd counted as run, its transforms left out' : ''})`,
  ];
}

function instructions(peaks: readonly Peak[]): string {
  const names = peaks.flatMap(({ loop }) => ('unavailable' in loop ? [] : loop.instruction));
  return [...new Set(names)].join(' and ');
}

function whyNoLoop(peaks: readonly Peak[]): string {
  const reasons = peaks.flatMap(({ loop }) => ('unavailable' in loop ? loop.unavailable : []));
  return [...new Set(reasons)].join('; ');
}

function giga(flopsPerSecond: number): string {
  const rate = flopsPerSecond / 1e9;
  return rate < 1000 ? rate.toPrecision(3) : rate.toFixed(0); // no powers of ten
}
