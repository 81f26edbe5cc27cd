import type { Change } from "./stream";

// Fragments are parsed by the browser as documents: we build no markup from text, and no script in them runs.

/** The page at `address`, or null while the desk cannot be reached. A session that ended reloads the page. */
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

// Parts of the page are exchanged only where they differ, and never under the agent's hands.

const title = document.title;

/** Put the part `name` of `answer` in the place of the one here. False when nothing changed. */
export function adopt(answer: Document, name: string): boolean {
  const selector = `[data-part="${name}"]`;
  const here = document.querySelector<HTMLElement>(selector);
  const there = answer.querySelector<HTMLElement>(selector);
  if (!here || !there) return false;
  if (name === "reply" && here.dataset["state"] === there.dataset["state"]) return false;
  if (here.isEqualNode(there)) return false;
  const focused = document.activeElement;
  // Nobody's half-typed words are taken away; the part is exchanged the next time.
  if (isTyped(here)) return false;
  if (focused && here.contains(focused)) {
    // The focus goes where it was: the same link or button in the new part, if it is still there.
    const path = nameOf(focused);
    here.replaceWith(document.adoptNode(there));
    const again = path ? there.querySelector<HTMLElement>(path) : null;
    if (again) again.focus({ preventScroll: true });
    else document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    return true;
  }
  here.replaceWith(document.adoptNode(there));
  return true;
}

/** Say it to those who hear the page, without moving anything. */
export function announce(text: string): void {
  const region = document.querySelector<HTMLElement>("[data-announce]");
  if (region) region.textContent = text;
}

/** What needs the agent: in the window's title and its icon; how many wait: in the navigation. */
export function showCounts(change: Change): void {
  document.title = `${change.urgent > 0 ? "Urgent " : ""}${change.unanswered > 0 ? `(${change.unanswered}) ` : ""}${title}`;
  const badge = document.querySelector<HTMLElement>("[data-waiting]");
  if (badge?.firstChild) badge.firstChild.textContent = String(change.waiting);
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = change.urgent + change.unanswered > 0 ? "/assets/icon-new.svg" : "/assets/icon.svg";
  if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
  const alarm = document.querySelector<HTMLElement>("[data-alarm]");
  if (!alarm) return;
  const text = `Urgent: ${change.urgent === 1 ? "1 conversation waits" : `${change.urgent} conversations wait`}. Somebody may be in danger.`;
  const link = alarm.querySelector("a");
  if (change.urgent > 0 && link && (alarm.hidden || link.textContent !== text)) link.textContent = text;
  alarm.hidden = change.urgent === 0;
}

/** Whether a field of this part has text that is not sent yet, or the focus. */
function isTyped(part: HTMLElement): boolean {
  if (part.dataset["part"] === "reply") return false; // draft.ts keeps its text
  const fields = [...part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])")];
  return fields.some((field) => field === document.activeElement || field.value !== field.defaultValue);
}

function nameOf(element: Element): string | null {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const form = element.closest("form");
  const action = form?.getAttribute("action");
  if (element instanceof HTMLButtonElement && action) return `form[action="${CSS.escape(action)}"] button`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}
