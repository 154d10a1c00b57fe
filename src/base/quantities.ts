// Sizes and times as people read them, on terminals and in the page.

/** Bytes of a unit, by its first letter; powers of 1024, the smallest first. */
export const sizeUnits = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;

const [smallest, ...larger] = Object.entries(sizeUnits);

/** "3.2 GiB"; three digits where there are as many, whole KiB. */
export function formatSize(bytes: number): string {
  const [letter, size] = larger.findLast(([, least]) => bytes >= least) ?? smallest ?? ['K', 1024];
  if (size === sizeUnits.K) return `${Math.ceil(bytes / size)} KiB`;
  return `${(bytes / size).toFixed(bytes >= 100 * size ? 0 : 1)} ${letter}iB`;
}

/** "12 s", "3 min 20 s", "5 h 12 min", "4 d 3 h"; what is below 0 is "0 s". */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
