// What the headers of the three common formats say, read without a decoder: asking sharp for the
// facts of every image would cost a noticeable part of packing small ones.

/** What a header says. */
export interface HeaderFacts {
  readonly height: number;
  readonly width: number;
  /** Whether it is stored without colour. */
  readonly isGrey: boolean;
  readonly isCmyk: boolean;
  /** Whether it has EXIF data, which may say that the picture is to be turned. */
  readonly hasExif: boolean;
  /** Whether it has a colour profile. */
  readonly hasProfile: boolean;
}

/** Facts of a JPEG: its segments up to the frame header (SOF0..SOF15, except the tables DHT, JPG
 *  and DAC that lie between). Null if there is none.
 *  @source ITU T.81, B.1 */
export function jpegHeader(bytes: Uint8Array): HeaderFacts | null {
  let [hasExif, hasProfile] = [false, false];
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const components = bytes[at + 9];
      return {
        height: uint16(bytes, at + 5),
        width: uint16(bytes, at + 7),
        ...{ isGrey: components === 1, isCmyk: components === 4, hasExif, hasProfile },
      };
    }
    hasExif ||= marker === 0xe1 && begins(bytes, at + 4, 'Exif\0');
    hasProfile ||= marker === 0xe2 && begins(bytes, at + 4, 'ICC_PROFILE\0');
    at += marker === 0xff ? 1 : 2 + uint16(bytes, at + 2);
  }
  return null;
}

/** Chunks of a PNG before its pixels: type and where its data begin. */
export function* pngChunks(bytes: Uint8Array): Generator<{ type: string; at: number }> {
  for (let at = 8; at + 12 <= bytes.length;) {
    const type = text(bytes, at + 4, 4);
    if (type === 'IDAT') return;
    yield { type, at: at + 8 };
    at += 12 + uint16(bytes, at) * 2 ** 16 + uint16(bytes, at + 2);
  }
}

/** Facts of a PNG; null if its header is not there. @source PNG specification, 11.2 and 11.3 */
export function pngHeader(bytes: Uint8Array): HeaderFacts | null {
  if (bytes.length < 26) return null;
  const types = new Set([...pngChunks(bytes)].map(({ type }) => type));
  return {
    height: uint16(bytes, 20) * 2 ** 16 + uint16(bytes, 22),
    width: uint16(bytes, 16) * 2 ** 16 + uint16(bytes, 18),
    isGrey: bytes[25] === 0 || bytes[25] === 4,
    isCmyk: false,
    hasExif: types.has('eXIf'),
    hasProfile: types.has('iCCP'),
  };
}

/** Flags of an extended WebP (VP8X); 0 for others. @source WebP container specification */
export function webpFlags(bytes: Uint8Array): number {
  return begins(bytes, 12, 'VP8X') ? (bytes[20] ?? 0) : 0;
}

function begins(bytes: Uint8Array, at: number, start: string): boolean {
  return text(bytes, at, start.length) === start;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
