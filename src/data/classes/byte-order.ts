// The one order of class and file names: by their UTF-8 bytes, the same on every machine and in
// every locale.

/** Compares two names by their UTF-8 bytes: negative if a comes first, 0 if equal. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// UTF-16 code units have the order of the UTF-8 bytes, except for surrogates: these stand for
// characters after U+FFFF.
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** A sorted copy of `names`. */
export function inByteOrder(names: readonly string[]): string[] {
  return [...names].sort(compareBytes);
}
