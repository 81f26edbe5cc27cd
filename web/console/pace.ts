// How often a page fetches its list: at once for changes that concern the agent, otherwise every few seconds, and not while hidden.

import type { Change } from "./stream";

const PACE = 2_000; // ms between two lists, at least
const SPREAD = 3_000; // ms: one change reaches every page at once, and not all are to ask at once

/** Returns a function that fetches when due. Called with a change; without one it fetches at once. */
export function paced(fetch: () => void): (change?: Change) => void {
  let before: Change | undefined;
  let fetchedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let missed = false;

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    missed = document.hidden;
    if (missed) return;
    fetchedAt = Date.now();
    fetch();
  }

  document.addEventListener("visibilitychange", () => {
    if (missed && !document.hidden) now();
  });
  return (change) => {
    const last = before;
    before = change ?? before;
    if (!change || !last || change.first || isOwn(change, last)) return now();
    const due = Math.max(0, fetchedAt + PACE - Date.now()) + Math.random() * SPREAD;
    timer ??= setTimeout(now, due);
  };
}

/** Whether the agent's conversations or tasks have changed. */
function isOwn(change: Change, last: Change): boolean {
  return change.mine !== last.mine || change.unanswered !== last.unanswered || change.calls !== last.calls;
}
