// The list of conversations. Rows never move under the pointer or the focus: an update that would move them waits until both have left the list.

import { adopt } from "./page";

let waiting: Document | null = null;

/** Show the list of `answer`, now or as soon as no row moves under the pointer or the focus. False if nothing is shown yet. */
export function adoptList(answer: Document): boolean {
  const here = document.querySelector<HTMLElement>('[data-part="list"]');
  const there = answer.querySelector<HTMLElement>('[data-part="list"]');
  if (!here || !there) return false;
  if (inUse(here) && moves(here, there)) {
    waiting = answer;
    for (const event of ["pointerleave", "focusout"]) here.addEventListener(event, later, { once: true });
    return false;
  }
  waiting = null;
  keepOpen(here, there);
  const top = here.scrollTop;
  const shown = adopt(answer, "list");
  there.scrollTop = top;
  return shown;
}

function later(): void {
  // After the focus has moved.
  setTimeout(() => {
    if (waiting) adoptList(waiting);
  }, 100);
}

function inUse(list: HTMLElement): boolean {
  return list.matches(":hover") || list.contains(document.activeElement);
}

/** Whether a visible row would move or disappear. */
function moves(here: HTMLElement, there: HTMLElement): boolean {
  const before = places(here);
  const after = places(there);
  return [...before].some(([row, place]) => after.get(row) !== place);
}

function places(list: HTMLElement): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of list.querySelectorAll<HTMLElement>("[data-entries]")) {
    let place = 0;
    for (const row of part.querySelectorAll<HTMLElement>(":scope > [data-conversation]")) {
      found.set(row.dataset["conversation"] ?? "", `${part.dataset["entries"]} ${place}`);
      place += 1;
    }
  }
  return found;
}

/** Keep the filter as the agent set it. */
function keepOpen(here: HTMLElement, there: HTMLElement): void {
  const before = here.querySelector<HTMLDetailsElement>(".filters");
  const after = there.querySelector<HTMLDetailsElement>(".filters");
  if (before && after) after.open = before.open;
  // What was chosen stays chosen, and so does what is to be done with it.
  for (const box of here.querySelectorAll<HTMLInputElement>('input[form="bulk"]:checked, #bulk input:checked')) {
    const same = there.querySelector<HTMLInputElement>(box.id ? `#${CSS.escape(box.id)}` : `input[form="bulk"][value="${CSS.escape(box.value)}"]`);
    if (same) same.checked = true;
  }
  for (const choice of here.querySelectorAll<HTMLSelectElement>("#bulk select")) {
    const same = there.querySelector<HTMLSelectElement>(`#${CSS.escape(choice.id)}`);
    if (same) same.value = choice.value;
  }
  const [bulkHere, bulkThere] = [here, there].map((one) => one.querySelector<HTMLDetailsElement>(".bulk"));
  if (bulkHere && bulkThere) bulkThere.open = bulkHere.open;
}
