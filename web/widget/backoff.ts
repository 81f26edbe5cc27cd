const FIRST = 600; // ms
const LONGEST = 30_000; // ms

/** How long to wait before attempt number `failures` + 1: full jitter, so that a whole city does not reconnect at once. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 8));
  return Math.round(FIRST / 2 + random() * ceiling);
}

/** Resolves after `ms`, or at once when the signal aborts or `wake` fires. */
export function pause(ms: number, signal: AbortSignal, wake: EventTarget): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      wake.removeEventListener("wake", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
    wake.addEventListener("wake", finish);
  });
}
