// GNU OpenMP, the threads that oneDNN computes with.
import koffi from 'koffi';

/** libgomp's name. */
export const openMpLibrary = 'libgomp.so.1';

/** OpenMP threads that will be used: OMP_NUM_THREADS as it was when libgomp was loaded, else all
 *  cores. */
export function openMpThreads(): number {
  try {
    return koffi.load(openMpLibrary).func('omp_get_max_threads', 'int', [])() as number;
  } catch {
    return 1; // a oneDNN built without libgomp: the count is informative only
  }
}

/** Calls native code on a team of threads and waits for all. */
export type Team = (code: bigint, argument: bigint, threads: number) => void;

/** What runs `void code(void *argument)` once on each of `threads` threads, the calling one
 *  included: the threads that oneDNN itself computes with. Null where there is no libgomp.
 *  @source GOMP_parallel(fn, data, num_threads, flags), libgomp's entry for `#pragma omp parallel`
 *  (symbol version GOMP_4.0) */
export function openMpTeam(): Team | null {
  try {
    const parallel = koffi
      .load(openMpLibrary)
      .func('GOMP_parallel', 'void', ['void *', 'void *', 'unsigned int', 'unsigned int']);
    return (code, argument, threads) => void parallel(code, argument, threads, 0);
  } catch {
    return null;
  }
}
