// Sizes, times and counts as people write and read them.
import { UsageError } from '../base/errors.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};

/** Bytes of a size such as "8G", "512M" or "6.5 GiB" (powers of 1024). @throws UsageError */
export function parseSize(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?) *([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toUpperCase() ?? ''];
  const bytes = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!match || !(bytes > 0)) {
    throw new UsageError(`found size ${JSON.stringify(text)}, wanted for example 8G or 512M`);
  }
  return bytes;
}

/** "3.2 GiB". */
export function formatSize(bytes: number): string {
  for (const [unit, size] of [
    ['TiB', 2 ** 40],
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(bytes >= 100 * size ? 0 : 1)} ${unit}`;
  }
  return `${Math.ceil(bytes / 1024)} KiB`;
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

/** "12 s", "3 min 20 s", "5 h 12 min", "4 d 3 h". */
export function formatDuration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "81.3 %". */
export function formatAccuracy(accuracy: number): string {
  return `${(100 * accuracy).toFixed(1)} %`;
}

/** "1,234,567". */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
