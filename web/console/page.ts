// Fragments come as documents that the browser's own loader parsed: no markup is made from text, and no script in it runs.

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
  if (name === "side" && focused instanceof HTMLInputElement && here.contains(focused)) return false;
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

let alarmed = 0;

/** Somebody may be in danger: on every page that follows the desk, until the conversation is claimed. */
export function showUrgent(count: number): void {
  const badge = document.querySelector<HTMLElement>("[data-urgent]");
  if (badge) {
    badge.textContent = `${count} urgent`;
    badge.hidden = count === 0;
  }
  const alarm = document.querySelector<HTMLElement>("[data-alarm]");
  // Only a new one is said again: a page that is read aloud must stay usable while the first is being claimed.
  if (alarm && count > alarmed) alarm.textContent = `Urgent: ${count === 1 ? "1 conversation waits" : `${count} conversations wait`}. Somebody may be in danger.`;
  if (alarm && count === 0) alarm.textContent = "";
  alarmed = count;
}

/** How many wait: in the navigation and in the window's title, which says first whether somebody may be in danger. */
export function showWaiting(count: number, urgent: number): void {
  document.title = count > 0 ? `${urgent > 0 ? "Urgent " : ""}(${count}) ${title}` : title;
  const badge = document.querySelector<HTMLElement>("[data-waiting]");
  if (badge?.firstChild) badge.firstChild.textContent = String(count);
}

function nameOf(element: Element): string | null {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const form = element.closest("form");
  const action = form?.getAttribute("action");
  if (element instanceof HTMLButtonElement && action) return `form[action="${CSS.escape(action)}"] button`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}
