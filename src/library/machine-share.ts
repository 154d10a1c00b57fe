// What a run takes of this machine unless it is told: workers, threads, memory.
import { freemem } from 'node:os';

/** Cores that one worker fills: with more, its small layers leave some idle. */
const CORES_A_WORKER = 8;

/** Workers and the threads of each; what is asked for wins. Workers by default: max(1, floor(cores
 *  / 8)). */
export function shareCores(
  cores: number,
  asked: { readonly workers?: number | undefined; readonly threads?: number | undefined },
): { readonly workers: number; readonly threads: number } {
  const workers = asked.workers ?? Math.max(1, Math.floor(cores / CORES_A_WORKER));
  return { workers, threads: asked.threads ?? Math.max(1, Math.floor(cores / workers)) };
}

/** 60 % of the memory that this process may still have. */
export function defaultMemoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  // Without a limit the system answers 0 or an absurdly large number.
  const free = limit > 0 && limit < 2 ** 50 ? Math.min(freemem(), limit) : freemem();
  return Math.floor(0.6 * free);
}
