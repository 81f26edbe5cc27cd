// Sending a reply: Ctrl+Enter or the button. The box is emptied only when the desk has stored the text.

import { attempt, keep } from "./draft";

const LOST = "The reply could not be sent: the desk cannot be reached. Try again.";

interface Refusal {
  error?: { code?: string; message?: string };
}

/** Listen on the whole page, so that an exchanged reply box works too. `sent` is called after each success. */
export function showReplies(sent: () => void): void {
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

/** What a reply is made of, as one line: the same form again is the same line. */
function fingerprint(data: FormData): string {
  const parts = ["text", "alt", "choices", "location", "take", "pass"].map((name) => data.get(name)).filter((part) => part);
  const photo = data.get("photo");
  if (photo instanceof File && hasPhoto(data)) parts.push(`${photo.name} ${photo.size} ${photo.lastModified}`);
  return parts.join(" ");
}

function hasPhoto(data: FormData): boolean {
  const photo = data.get("photo");
  return photo instanceof File && photo.size > 0;
}
