// Places in a study file, and the pointers that name its values.

/** Where a value was written. */
export interface Origin {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** What stands there, where the value that was made of it reads otherwise: 1e999, 0x1F. */
  readonly written?: string;
}

/** One step of a JSON pointer, escaped. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
