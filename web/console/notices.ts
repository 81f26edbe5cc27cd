// A sound and a desktop notification for events that need the agent, each only if turned on in this browser.

import type { Change } from "./stream";

const CHOICES = { sound: "civicdesk-sound", desktop: "civicdesk-desktop" } as const;
type Choice = keyof typeof CHOICES;

let before: Change | null = null;

/** Called with every change: notifies the agent of anything new that needs an answer. */
export function notifyOf(change: Change): void {
  const last = before;
  before = change;
  if (!last || change.first) return;
  const urgent = change.urgent > last.urgent || change.paged > last.paged;
  const called = change.calls > last.calls;
  if (!urgent && !called && change.unanswered <= last.unanswered) return;
  if (chosen("sound")) beep(urgent);
  if (chosen("desktop") && document.hidden && "Notification" in window && Notification.permission === "granted") {
    // Never the citizen's words: bystanders may read a notice.
    const notice = new Notification(urgent ? "Urgent: somebody may be in danger" : called ? "A reminder, or a note for you" : "A citizen has answered", {
      tag: urgent ? "civicdesk-urgent" : "civicdesk-answered",
    });
    notice.onclick = () => window.focus();
  }
}

/** The two switches on the account page. */
export function offerNotices(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-notice]")) {
    const choice = box.dataset["notice"] as Choice;
    box.disabled = false;
    box.checked = chosen(choice);
    box.addEventListener("change", () => void choose(choice, box));
  }
}

async function choose(choice: Choice, box: HTMLInputElement): Promise<void> {
  if (box.checked && choice === "desktop" && "Notification" in window) {
    if ((await Notification.requestPermission()) !== "granted") box.checked = false;
  }
  try {
    localStorage.setItem(CHOICES[choice], box.checked ? "on" : "off");
  } catch {
    box.checked = false; // storage is forbidden
  }
  if (box.checked && choice === "sound") beep(false);
}

function chosen(choice: Choice): boolean {
  try {
    return localStorage.getItem(CHOICES[choice]) === "on";
  } catch {
    return false;
  }
}

/** A short tone; three of them if it is urgent. */
function beep(urgent: boolean): void {
  const context = new AudioContext();
  const times = urgent ? [0, 0.25, 0.5] : [0];
  for (const start of times) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = urgent ? 880 : 660;
    volume.gain.setValueAtTime(0.15, context.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + 0.2);
  }
  setTimeout(() => void context.close(), 1_500);
}
