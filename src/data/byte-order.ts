// The one order of class and file names: by their UTF-8 bytes, the same on every machine and in every locale.

/** Compares two names by their UTF-8 bytes: negative if a comes first, 0 if equal. */
export function compareBytes(a: string, b: string): number {
  // Up to the surrogates, UTF-16 code units have the order of the bytes.
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A sorted copy of `names`. */
export function inByteOrder(names: readonly string[]): string[] {
  return [...names].sort(compareBytes);
}
