// Ctrl-C: the first asks for a clean end, the second ends at once. SIGTERM and a closed terminal
// count as the first.

/** Signals of a run, and a way to stop listening. */
export interface Interrupts {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for interrupts until disposed of. `onFirst` can tell the user what is happening. */
export function listenForInterrupts(onFirst: () => void): Interrupts {
  const stop = new AbortController();
  const kill = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) {
      kill.abort();
      return;
    }
    onFirst();
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    kill: kill.signal,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
