// How many threads a process of ours computes with, told as to OpenMP: the same variable for every
// executor.

/** Environment of a process that computes with `threads` threads. */
export function onnxEnvironment(threads: number): Readonly<Record<string, string>> {
  return { OMP_NUM_THREADS: String(threads) };
}
