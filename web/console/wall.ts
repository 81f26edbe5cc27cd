// Keeps the live wall up to date: fetches its tables after a change, at most every two seconds.

import { adopt, documentOf } from "./page";

const PAUSE = 2_000; // ms

/** Returns what to call when something has changed. */
export function followWall(address: string): () => void {
  let asked = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  async function show(): Promise<void> {
    waiting = undefined;
    asked = Date.now();
    const answer = await documentOf(address);
    if (answer) adopt(answer, "wall");
  }

  return () => {
    waiting ??= setTimeout(() => void show(), Math.max(0, asked + PAUSE - Date.now()));
  };
}
