// Sizes and times as people write them, accuracies and counts as they read them.
import { UsageError } from '../base/errors.js';
import { sizeUnits } from '../base/quantities.js';

/** Bytes of a size such as "8G", "512M" or "6.5 GiB" (powers of 1024). @throws UsageError */
export function parseSize(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?) *([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = match?.[2]?.toUpperCase() as keyof typeof sizeUnits | '' | undefined;
  const bytes = Number(match?.[1]) * (unit ? sizeUnits[unit] : 1);
  if (!match || !(bytes > 0)) {
    throw new UsageError(`found size ${JSON.stringify(text)}, wanted for example 8G or 512M`);
  }
  return bytes;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 };

/** Seconds of a time such as "90s", "10m", "10 min" or "1.5h". @throws UsageError */
export function parseDuration(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?) *(s|m|min|h)$/i.exec(text.trim());
  const seconds = Number(match?.[1]) * (SECONDS[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  if (!match || !(seconds > 0)) {
    throw new UsageError(`found time ${JSON.stringify(text)}, wanted for example 10m, 90s or 1h`);
  }
  return seconds;
}

/** "81.3 %". */
export function formatAccuracy(accuracy: number): string {
  return `${(100 * accuracy).toFixed(1)} %`;
}

/** "1,234,567". */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
