// How OpenMP's threads behave in a process of ours. libgomp reads these variables once, before
// anything runs.

/** PAUSE instructions (about 40 ns each) that a waiting thread spins before it sleeps: as long as
 *  the gaps between two primitives of a step, short against a scheduler's slice. See
 *  docs/decisions/running.md, "OpenMP threads spin briefly, then sleep". */
const SPINS = 1000;

/** Environment of a process that computes with `threads` threads; GOMP_SPINCOUNT of the user's own
 *  goes first. */
export function openMpEnvironment(threads: number): Readonly<Record<string, string>> {
  const spins = process.env['GOMP_SPINCOUNT'] ?? String(SPINS);
  return { OMP_NUM_THREADS: String(threads), GOMP_SPINCOUNT: spins };
}
