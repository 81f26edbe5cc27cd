// The console works without this file. With it, pages follow what happens, and a reply leaves without a reload.

const LOST = "The reply could not be sent: the desk cannot be reached. Try again.";
const SLOWEST = 30_000;
const title = document.title;

document.documentElement.classList.add("live");

const body = document.body;
const source = body.dataset["source"];
const thread = document.querySelector<HTMLElement>("[data-thread]");
let busy: Promise<void> = Promise.resolve();

if (document.querySelector("[data-announce]") && source) {
  if (thread) thread.scrollTop = thread.scrollHeight;
  keepDraft();
  const refresh = body.dataset["page"] === "conversation" ? refreshConversation : refreshQueue;
  const again = (): void => {
    // One at a time, in order: two answers that cross must not show the same message twice.
    busy = busy.then(refresh).catch(() => undefined);
  };
  showReplies(again);
  follow({
    changed(change) {
      showWaiting(change.waiting);
      const here = body.dataset["conversation"];
      if (!here || change.first || change.conversations.includes(here)) again();
    },
    signedOut: () => location.reload(),
  });
  // Waiting times grow even when nothing happens.
  setInterval(again, 60_000);
}

async function refreshQueue(): Promise<void> {
  const answer = await documentOf(source ?? "");
  const before = waitingNow();
  if (answer && adopt(answer, "list")) {
    const now = waitingNow();
    if (now > before) announce(now === 1 ? "One conversation is waiting." : `${now} conversations are waiting.`);
  }
}

async function refreshConversation(): Promise<void> {
  const answer = await documentOf(`${source}?after=${body.dataset["lastSeq"] ?? "0"}`);
  const list = document.querySelector("[data-messages]");
  const root = answer?.querySelector<HTMLElement>("[data-last-seq]");
  if (!answer || !list || !root) return;
  const known = Number(body.dataset["lastSeq"] ?? "0");
  const fresh = [...answer.querySelectorAll<HTMLElement>("[data-new] > li")].filter(
    (item) => Number(item.dataset["seq"]) > known,
  );
  const atEnd = thread ? thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80 : false;
  for (const item of fresh) list.append(document.adoptNode(item));
  body.dataset["lastSeq"] = root.dataset["lastSeq"] ?? "0";
  if (thread && atEnd) thread.scrollTop = thread.scrollHeight;
  for (const part of ["head", "reply", "side"]) adopt(answer, part);
  keepDraft();
  tell(fresh);
}

function tell(fresh: HTMLElement[]): void {
  const citizen = fresh.filter((item) => item.dataset["author"] === "contact");
  const last = citizen.at(-1)?.querySelector(".text")?.textContent ?? "";
  if (citizen.length > 0) announce(`New message from the citizen. ${last.slice(0, 200)}`);
  else if (fresh.some((item) => item.dataset["author"] === "bot")) announce("The bot answered.");
}

function waitingNow(): number {
  return Number(document.querySelector<HTMLElement>("[data-waiting-count]")?.dataset["waitingCount"] ?? "0");
}

// Fragments come as documents that the browser's own loader parsed: no markup is made from text, and no script in it runs.

/** The page at `address`, or null while the desk cannot be reached. A session that ended reloads the page. */
function documentOf(address: string): Promise<Document | null> {
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

/** Put the part `name` of `answer` in the place of the one here. False when nothing changed. */
function adopt(answer: Document, name: string): boolean {
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
function announce(text: string): void {
  const region = document.querySelector<HTMLElement>("[data-announce]");
  if (region) region.textContent = text;
}

/** How many wait: in the navigation and in the window's title. */
function showWaiting(count: number): void {
  document.title = count > 0 ? `(${count}) ${title}` : title;
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

// What an agent has typed survives a reload, a sign-in and a lost connection: in this tab alone.

/** Keep the reply box's text from now on; bring back what was kept. Safe to call again. */
function keepDraft(): void {
  const box = document.querySelector<HTMLTextAreaElement>("[data-reply] textarea");
  if (!box || box.dataset["kept"]) return;
  box.dataset["kept"] = "yes";
  if (!box.value) box.value = kept("draft");
  box.addEventListener("input", () => keep("draft", box.value));
}

/** What a reply is made of, as one line: the same form again is the same line. */
function fingerprint(data: FormData): string {
  const parts = ["text", "alt", "choices", "location", "take"].map((name) => data.get(name)).filter((part) => part);
  const photo = data.get("photo");
  if (photo instanceof File && hasPhoto(data)) parts.push(`${photo.name} ${photo.size} ${photo.lastModified}`);
  return parts.join(" ");
}

function hasPhoto(data: FormData): boolean {
  const photo = data.get("photo");
  return photo instanceof File && photo.size > 0;
}

/** The id to send `text` under: the same as before while nobody knows whether the same text arrived. */
function attempt(text: string): string {
  const [id = "", ...words] = kept("attempt").split(" ");
  if (id && words.join(" ") === text) return id;
  const fresh = randomId();
  keep("attempt", `${fresh} ${text}`);
  return fresh;
}

function kept(what: string): string {
  try {
    return sessionStorage.getItem(keyOf(what)) ?? "";
  } catch {
    return ""; // storage may be forbidden; the box works without it
  }
}

function keep(what: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(keyOf(what), text);
    else sessionStorage.removeItem(keyOf(what));
  } catch {
    // see kept()
  }
}

function keyOf(what: string): string {
  return `civicdesk-${what}-${document.body.dataset["conversation"] ?? ""}`;
}

/** A random UUID; also where the console is served over plain HTTP and `crypto.randomUUID` is missing. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Sending a reply: Ctrl+Enter or the button. The text leaves the box only when the desk has it.

interface Refusal {
  error?: { code?: string; message?: string };
}

/** Listen on the whole page, so that an exchanged reply box works too. `sent` is called after each success. */
function showReplies(sent: () => void): void {
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement) || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    box.form?.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-reply]")) return;
    event.preventDefault();
    void send(form, sent);
  });
}

async function send(form: HTMLFormElement, sent: () => void): Promise<void> {
  const box = form.querySelector("textarea");
  const button = form.querySelector("button");
  // aria-disabled, not disabled: a button that is disabled loses the focus.
  if (!box || !button || button.getAttribute("aria-disabled") === "true") return;
  const text = box.value;
  const data = new FormData(form);
  // What goes beside the words is part of the attempt: another photo is another message.
  data.set("client_id", attempt(fingerprint(data)));
  button.setAttribute("aria-disabled", "true");
  say(form, "");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: data,
      signal: AbortSignal.timeout(hasPhoto(data) ? 120_000 : 30_000),
    });
    if (!answer.ok) {
      say(form, await reason(answer));
      return;
    }
    const since = box.value;
    form.reset();
    box.value = since === text ? "" : since;
    form.querySelector<HTMLDetailsElement>("details.beside")?.removeAttribute("open");
    keep("draft", box.value);
    keep("attempt", "");
    sent();
  } catch {
    say(form, LOST);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

async function reason(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => ({}))) as Refusal;
  return `${body.error?.message ?? LOST} Your text is kept.`;
}

function say(form: HTMLFormElement, text: string): void {
  const place = form.querySelector("[data-error]");
  if (place) place.textContent = text;
}

// The stream tells what changed, by id. The browser connects again by itself; a refusal is asked again more slowly.

interface Change {
  conversations: string[];
  waiting: number;
  mine: number;
  first: boolean;
}

interface Listener {
  changed(change: Change): void;
  signedOut(): void;
}

/** Follow the desk until the page goes. */
function follow(listener: Listener): void {
  const offline = document.querySelector<HTMLElement>("[data-offline]");
  let pause = 1_000;
  let notice: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    const stream = new EventSource("/console/stream");
    stream.onopen = () => {
      pause = 1_000;
      clearTimeout(notice);
      notice = undefined;
      if (offline) offline.hidden = true;
    };
    stream.addEventListener("changed", (event) => listener.changed(JSON.parse(event.data as string) as Change));
    stream.addEventListener("signed-out", () => {
      stream.close();
      listener.signedOut();
    });
    stream.onerror = () => {
      // A restart takes a second or two; only a longer silence is worth a word.
      notice ??= setTimeout(() => {
        if (offline) offline.hidden = false;
      }, 5_000);
      if (stream.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, SLOWEST);
    };
  }

  connect();
}
