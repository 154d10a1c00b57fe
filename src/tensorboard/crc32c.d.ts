// Types of crc-32's second entry, which has none.
declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** CRC-32C of bytes, as a signed number of 32 bits. */
    buf(bytes: Uint8Array, seed?: number): number;
  };
  export default crc32c;
}
