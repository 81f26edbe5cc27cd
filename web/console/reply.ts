// Sending a reply: Ctrl+Enter or the button. The box is emptied only when the desk has stored the text.

import { attempt, draftHandedOver, draftSent, draftSettled } from "./draft";
import { announce } from "./page";
import { showChosen } from "./photo";

const LOST = "The reply could not be sent: the desk cannot be reached. Try again.";

interface Refusal {
  error?: { code?: string; message?: string };
}

/** Listen on the whole page, so that a replaced reply box works too. `sent` is called after each success. */
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
    if (event.submitter?.hasAttribute("formaction")) {
      draftHandedOver(); // a translation or a draft: the browser sends the form, and a new page comes
      return;
    }
    event.preventDefault();
    void send(form, event.submitter, sent);
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null, sent: () => void): Promise<void> {
  const box = form.querySelector("textarea");
  const button = form.querySelector<HTMLButtonElement>("[data-send]");
  // aria-disabled, not disabled: a button that is disabled loses the focus.
  if (!box || !button || button.getAttribute("aria-disabled") === "true") return;
  const text = box.value;
  const data = new FormData(form);
  const then = submitter instanceof HTMLButtonElement && submitter.name === "then" ? submitter.value : "";
  data.set("then", then);
  // Attachments are part of the attempt: a different photo is a different message.
  data.set("client_id", attempt(fingerprint(data)));
  button.setAttribute("aria-disabled", "true");
  say(form, "");
  try {
    await draftSettled();
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
    for (const name of ["answers", "suggested"]) form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = "";
    for (const open of form.querySelectorAll("details[open]")) open.removeAttribute("open");
    const photo = form.querySelector<HTMLInputElement>("#photo");
    if (photo) showChosen(photo);
    draftSent(box.value);
    const { go } = (await answer.json()) as { go?: string };
    if (go) location.href = go;
    else {
      if (then) box.focus();
      announce("Sent.");
      sent();
    }
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

/** The contents of a reply as one line, equal for equal forms. */
function fingerprint(data: FormData): string {
  const parts = ["text", "alt", "choices", "location", "take", "pass", "answers", "suggested", "then", "later_at", "reason"].map((name) => data.get(name)).filter((part) => part);
  const photo = data.get("photo");
  if (photo instanceof File && hasPhoto(data)) parts.push(`${photo.name} ${photo.size} ${photo.lastModified}`);
  return parts.join(" ");
}

function hasPhoto(data: FormData): boolean {
  const photo = data.get("photo");
  return photo instanceof File && photo.size > 0;
}
