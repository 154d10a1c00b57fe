// Counter-based random numbers: Threefry-4x32 with 20 rounds. No state: (key, counter) -> four uint32, so any
// element of any stream can be had at any time, by any number of workers.
// Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3" (constants of Random123).

/** Four uint32 words that name a stream. */
export type StreamKey = readonly [number, number, number, number];

const PARITY = 0x1bd11bda;
// Rotation distances of rounds 0..7 (repeated), for the two mixes of a round.
const ROTATE_A = [10, 11, 13, 23, 6, 17, 25, 18];
const ROTATE_B = [26, 21, 27, 5, 20, 11, 10, 20];
const ROUNDS = 20;

/** Writes the four uint32 outputs for `key` and counter (c0, c1, c2, c3) to `out[at..at+3]`. */
export function threefry4x32(
  key: StreamKey,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
  at: number,
): void {
  const [k0, k1, k2, k3] = key;
  const k4 = k0 ^ k1 ^ k2 ^ k3 ^ PARITY;
  const schedule = [k0, k1, k2, k3, k4];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  let x2 = (c2 + k2) | 0;
  let x3 = (c3 + k3) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const a = ROTATE_A[round & 7] as number;
    const b = ROTATE_B[round & 7] as number;
    if ((round & 1) === 0) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << a) | (x1 >>> (32 - a))) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << b) | (x3 >>> (32 - b))) ^ x2;
    } else {
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << a) | (x3 >>> (32 - a))) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << b) | (x1 >>> (32 - b))) ^ x2;
    }
    if ((round & 3) === 3) {
      const s = (round >> 2) + 1;
      x0 = (x0 + (schedule[s % 5] as number)) | 0;
      x1 = (x1 + (schedule[(s + 1) % 5] as number)) | 0;
      x2 = (x2 + (schedule[(s + 2) % 5] as number)) | 0;
      x3 = (x3 + (schedule[(s + 3) % 5] as number) + s) | 0;
    }
  }
  out[at] = x0;
  out[at + 1] = x1;
  out[at + 2] = x2;
  out[at + 3] = x3;
}
