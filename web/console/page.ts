import { carryDraft } from "./draft";
import type { Change } from "./stream";

// Fragments are parsed by the browser as documents: we build no markup from text, and no script in them runs.

/** The page at `address`, or null while the desk cannot be reached. Reloads the page if the session has ended. */
export function documentOf(address: string): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/x-fragment, */*;q=0.1");
    request.timeout = 20_000;
    request.onload = () => {
      if (request.status === 401 || request.status === 404) location.reload();
      resolve(request.status === 200 ? request.responseXML : null);
    };
    request.onerror = request.ontimeout = request.onabort = () => resolve(null);
    request.send();
  });
}

// Parts of the page are replaced only if they differ, and never while the agent uses them.

const title = document.title;

/** Replace the part `name` by that of `answer`. False if nothing changed. */
export function adopt(answer: Document, name: string): boolean {
  const selector = `[data-part="${name}"]`;
  const here = document.querySelector<HTMLElement>(selector);
  const there = answer.querySelector<HTMLElement>(selector);
  if (!here || !there) return false;
  if (name === "reply" && here.dataset["state"] === there.dataset["state"]) return false;
  keepMenus(here, there);
  keepFound(here, there);
  if (here.isEqualNode(there)) return false;
  const focused = document.activeElement;
  // Unsent text is never removed; the part is replaced the next time.
  if (isTyped(here)) return false;
  if (name === "reply") carryDraft(here, there);
  if (focused && here.contains(focused)) {
    // Restore the focus: the same link, button or menu in the new part, if it still exists.
    const menu = focused.matches("summary") ? sameMenu(focused.parentElement, there) : undefined;
    const path = nameOf(focused);
    here.replaceWith(document.adoptNode(there));
    const again = menu?.querySelector("summary") ?? (path ? there.querySelector<HTMLElement>(path) : null);
    if (again) again.focus({ preventScroll: true });
    else document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    return true;
  }
  here.replaceWith(document.adoptNode(there));
  return true;
}

/** What the agent has opened stays open in the new part, and what they have closed stays closed. Beside the conversation
 * that is everything; elsewhere an act closes what is not named. */
function keepMenus(here: HTMLElement, there: HTMLElement): void {
  const which = here.dataset["part"] === "side" ? "details" : "details[data-keep]";
  for (const menu of here.querySelectorAll<HTMLDetailsElement>(which)) {
    const same = sameMenu(menu, there);
    if (same) same.open = menu.open;
  }
}

/** The one in `there` with the same name, or else the same words. */
function sameMenu(menu: Element | null, there: HTMLElement): HTMLDetailsElement | undefined {
  const name = (one: Element | null): string =>
    (one instanceof HTMLElement && one.dataset["keep"]) || (one?.querySelector("summary")?.textContent ?? "");
  return [...there.querySelectorAll("details")].find((one) => name(one) === name(menu));
}

/** What was searched for is only in the page that answered: it stays until another page is opened. */
function keepFound(here: HTMLElement, there: HTMLElement): void {
  const found = here.querySelector("[data-found=searched]");
  if (found) there.querySelector("[data-found]")?.replaceWith(document.importNode(found, true));
}

/** Announce a text to screen readers, without moving the focus. */
export function announce(text: string): void {
  const region = document.querySelector<HTMLElement>("[data-announce]");
  if (region) region.textContent = text;
}

/** The number of conversations that need the agent in the window's title and icon, and the number of waiting ones in the navigation. */
export function showCounts(change: Change): void {
  const needed = change.unanswered + change.calls;
  document.title = `${change.urgent > 0 ? "Urgent " : ""}${needed > 0 ? `(${needed}) ` : ""}${title}`;
  const badge = document.querySelector<HTMLElement>("[data-waiting]");
  if (badge?.firstChild) badge.firstChild.textContent = String(change.waiting);
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = change.urgent + needed > 0 ? "/assets/icon-new.svg" : "/assets/icon.svg";
  if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
  showPresence(change.presence);
  const alarm = document.querySelector<HTMLElement>("[data-alarm]");
  if (!alarm) return;
  const which = change.urgent === 1 ? "it" : "them";
  const text = `Urgent: ${change.urgent === 1 ? "1 conversation waits" : `${change.urgent} conversations wait`}. Somebody may be in danger.${change.paged > 0 ? ` Nobody has claimed ${which} in time: claim or assign ${which} now.` : ""}`;
  const link = alarm.querySelector("a");
  if (change.urgent > 0 && link && (alarm.hidden || link.textContent !== text)) link.textContent = text;
  alarm.hidden = change.urgent === 0;
}

const PRESENCES: Record<string, string> = {
  available: "Available",
  break: "On break",
  wrap_up: "Wrapping up",
  away: "Away",
  offline: "Offline",
};

/** The agent's own presence and load, in the bar. */
function showPresence(presence: Change["presence"]): void {
  const state = document.querySelector<HTMLElement>("[data-presence] [data-state]");
  const load = document.querySelector<HTMLElement>("[data-presence] [data-load]");
  if (!state || !load) return;
  load.textContent = presence.shown;
  if (state.dataset["state"] === presence.state) return;
  state.dataset["state"] = presence.state;
  state.textContent = PRESENCES[presence.state] ?? presence.state;
  announce(`You are shown as: ${state.textContent}.`);
}

/** Whether a field of this part has unsent text or the focus. */
export function isTyped(part: HTMLElement): boolean {
  if (part.dataset["part"] === "reply") return false; // draft.ts keeps its text
  const fields = [...part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])")];
  if (fields.some((field) => field === document.activeElement || field.value !== field.defaultValue)) return true;
  return [...part.querySelectorAll("select")].some((select) => select === document.activeElement || isChosen(select));
}

/** Whether the selected option differs from the one in the loaded page. */
function isChosen(select: HTMLSelectElement): boolean {
  const first = [...select.options].findIndex((option) => option.defaultSelected);
  return select.selectedIndex !== Math.max(0, first);
}

function nameOf(element: Element): string | null {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const form = element.closest("form");
  const action = form?.getAttribute("action");
  if (element instanceof HTMLButtonElement && action) {
    const value = element.value ? `[value="${CSS.escape(element.value)}"]` : "";
    return `form[action="${CSS.escape(action)}"] button${value}`;
  }
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}
