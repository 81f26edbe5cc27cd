// Drafts are saved on the server after a moment, for all of the agent's devices. Until then, this tab keeps
// them: a reload, a sign-in or a lost connection loses no text.

const PAUSE = 700; // ms after the last key
const AGAIN = 5_000; // ms until the next try while the desk cannot be reached

let later: ReturnType<typeof setTimeout> | undefined;
let saving: Promise<void> = Promise.resolve();
let handedOver = false;

/** Restore the reply box's text, and save it from now on. Safe to call again. */
export function keepDraft(): void {
  const unsaved = kept("draft");
  const stays = document.querySelector<HTMLTextAreaElement>("#kept-draft");
  if (stays && unsaved) show(stays, unsaved);
  const box = boxHere();
  if (!box || box.dataset["kept"]) return;
  box.dataset["kept"] = "yes";
  if (unsaved) box.value = unsaved;
  if (unsaved) save(0);
  box.addEventListener("input", () => {
    handedOver = false;
    keep("draft", box.value || " ");
    save(PAUSE);
  });
}

/** Called once: saves the latest text when the page is left or hidden. */
export function saveWhenLeaving(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && kept("draft") && !handedOver) save(0);
  });
}

/** After this, no earlier text is sent to the server. */
export async function draftSettled(): Promise<void> {
  clearTimeout(later);
  await saving;
}

/** The page's form sends the text to the server, which saves it before anything else. */
export function draftHandedOver(): void {
  clearTimeout(later);
  handedOver = true;
  keep("draft", "");
}

/** The reply was accepted; `rest` is the text typed since. */
export function draftSent(rest: string): void {
  keep("draft", rest);
  keep("attempt", "");
  if (rest) save(0);
}

/** Carries text from the old part to the new one, even if the new one only displays it. */
export function carryDraft(before: HTMLElement, after: HTMLElement): void {
  const typed = before.querySelector<HTMLTextAreaElement>("[data-reply] #text, #kept-draft")?.value ?? "";
  const box = after.querySelector<HTMLTextAreaElement>("[data-reply] #text, #kept-draft");
  if (typed && box) show(box, typed);
}

function show(box: HTMLTextAreaElement, text: string): void {
  box.value = text.trim() ? text : "";
  const section = box.closest<HTMLElement>("[data-kept-draft]");
  if (section && box.value) section.hidden = false;
}

function save(pause: number): void {
  clearTimeout(later);
  later = setTimeout(() => {
    saving = saving.then(send).catch(() => undefined);
  }, pause);
}

async function send(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-draft]");
  const box = boxHere();
  if (!form || !box) return;
  const text = box.value;
  const body = new URLSearchParams({ csrf: form.querySelector<HTMLInputElement>("[name=csrf]")?.value ?? "", text });
  try {
    const answer = await fetch(form.dataset["draft"] ?? "", {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
      keepalive: text.length < 10_000,
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.ok && box.value === text) keep("draft", "");
    if (!answer.ok && answer.status >= 500) save(AGAIN);
  } catch {
    save(AGAIN);
  }
}

function boxHere(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>("[data-reply] #text");
}

/** The client id to send `text` with: the same as before while it is unknown whether the same text arrived. */
export function attempt(text: string): string {
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
