// An agent's draft survives a reload, a sign-in and a lost connection, but only in this tab.

/** Keep the reply box's text from now on; bring back what was kept. Safe to call again. */
export function keepDraft(): void {
  const box = document.querySelector<HTMLTextAreaElement>("[data-reply] textarea");
  if (!box || box.dataset["kept"]) return;
  box.dataset["kept"] = "yes";
  if (!box.value) box.value = kept("draft");
  box.addEventListener("input", () => keep("draft", box.value));
}

/** The id to send `text` under: the same as before while nobody knows whether the same text arrived. */
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

export function keep(what: string, text: string): void {
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
