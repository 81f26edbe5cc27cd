// The list of conversations. Rows never move under the pointer or the focus: an update that would move them waits until both have left the list.
// The content of rows and headings is not delayed, only their order.

import { adopt, isTyped } from "./page";

const CHOSEN = 'input[form="bulk"]:checked';

let waiting: Document | null = null;

/** Show the list of `answer`, now or as soon as no row moves under the pointer or the focus. False if nothing is shown yet. */
export function adoptList(answer: Document): boolean {
  const here = document.querySelector<HTMLElement>('[data-part="list"]');
  const there = answer.querySelector<HTMLElement>('[data-part="list"]');
  if (!here || !there) return false;
  if ((inUse(here) && moves(here, there)) || isTyped(here)) {
    waiting = answer;
    renewInPlace(here, there);
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

/** Update the content of each row and heading; nothing moves. Removed and new rows wait for the reordering. */
function renewInPlace(here: HTMLElement, there: HTMLElement): void {
  for (const row of here.querySelectorAll<HTMLElement>("[data-conversation]")) {
    const id = CSS.escape(row.dataset["conversation"] ?? "");
    const now = there.querySelector<HTMLElement>(`[data-conversation="${id}"]`);
    const [link, linkNow] = [row, now].map((one) => one?.querySelector<HTMLElement>(":scope > a"));
    if (!now || !link || !linkNow) continue;
    if (row.className !== now.className) row.className = now.className;
    // The link itself stays: it may have the pointer or the focus. `there` is shown as a whole later.
    const copy = linkNow.cloneNode(true) as HTMLElement;
    if (!sameInside(link, copy)) link.replaceChildren(...copy.childNodes);
  }
  for (const count of here.querySelectorAll<HTMLElement>("[data-count]")) {
    const now = there.querySelector(`[data-count="${CSS.escape(count.dataset["count"] ?? "")}"]`);
    // A section without a heading is empty.
    const text = now?.textContent ?? "0";
    if (count.textContent !== text) count.textContent = text;
  }
  here.dataset["waitingCount"] = there.dataset["waitingCount"] ?? "0";
  here.dataset["unanswered"] = there.dataset["unanswered"] ?? "0";
  here.dataset["urgent"] = there.dataset["urgent"] ?? "0";
}

function sameInside(one: HTMLElement, other: HTMLElement): boolean {
  const [left, right] = [[...one.childNodes], [...other.childNodes]];
  return left.length === right.length && left.every((node, place) => node.isEqualNode(right[place] ?? null));
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
  // Selected rows and the selected bulk action are kept.
  for (const box of here.querySelectorAll<HTMLInputElement>(CHOSEN)) {
    const same = there.querySelector<HTMLInputElement>(box.id ? `#${CSS.escape(box.id)}` : `input[form="bulk"][value="${CSS.escape(box.value)}"]`);
    if (same) same.checked = true;
  }
  for (const choice of here.querySelectorAll<HTMLSelectElement>("#bulk select")) {
    const same = there.querySelector<HTMLSelectElement>(`#${CSS.escape(choice.id)}`);
    if (same) same.value = choice.value;
  }
  countChosen(there);
}

/** Say above the acts with the chosen rows how many there are. Without the script the acts appear all the same. */
export function watchChosen(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.getAttribute("form") === "bulk") countChosen(document);
  });
  countChosen(document); // the browser keeps what was chosen when it goes back to a page
}

function countChosen(part: ParentNode): void {
  const told = part.querySelector<HTMLElement>("[data-chosen]");
  if (!told) return;
  const boxes = [...part.querySelectorAll<HTMLInputElement>(CHOSEN)];
  const all = boxes.find((box) => box.name === "all");
  const text = all ? (all.labels?.[0]?.textContent ?? "").replace("Choose all", "All") : `${boxes.length}`;
  if (boxes.length > 0) told.textContent = `${text} chosen`;
}
