export interface Work {
  /** Does `use`, as `timed`. */
  add: typeof timed;
  /** Waits until all is done that was begun. */
  over(): Promise<void>;
}

/** What goes on in a room. */
export function openWork(): Work {
  const all = new Set<Promise<unknown>>();
  return {
    add(limits, use) {
      const one = timed(limits, use);
      all.add(one);
      const forget = () => void all.delete(one);
      one.then(forget, forget);
      return one;
    },
    async over() {
      await Promise.allSettled(all);
    },
  };
}

/**
 * Runs something that can be aborted, for so many seconds at most.
 * @param use Answers an exit code; null when it was ended by the signal.
 */
export async function timed(
  { seconds, signals }: { seconds: number; signals: (AbortSignal | undefined)[] },
  use: (signal: AbortSignal) => Promise<number | null>,
): Promise<{ exitCode: number | null; timedOut: boolean; ms: number }> {
  const began = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  const others = signals.filter((one) => one !== undefined);
  try {
    const exitCode = await use(AbortSignal.any([limit.signal, ...others]));
    const timedOut = limit.signal.aborted && exitCode === null;
    return { exitCode, timedOut, ms: Math.round(performance.now() - began) };
  } finally {
    clearTimeout(timer);
  }
}
