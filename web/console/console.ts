// The console works without this file. With it, pages follow what happens, and a reply leaves without a reload.

import { keepDraft } from "./draft";
import { watchIdle } from "./idle";
import { adopt, announce, documentOf, showUrgent, showWaiting } from "./page";
import { showReplies } from "./reply";
import { follow } from "./stream";

document.documentElement.classList.add("live");

const body = document.body;
const source = body.dataset["source"];
const thread = document.querySelector<HTMLElement>("[data-thread]");
let busy: Promise<void> = Promise.resolve();

watchIdle();

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
      showWaiting(change.waiting, change.urgent);
      showUrgent(change.urgent);
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
  // Earlier ones too: what a provider says of a message comes after it was shown.
  for (const item of answer.querySelectorAll<HTMLElement>("[data-earlier] > li")) {
    const shown = list.querySelector<HTMLElement>(`:scope > li[data-seq="${Number(item.dataset["seq"])}"]`);
    if (shown && !shown.isEqualNode(item) && !shown.contains(document.activeElement)) {
      shown.replaceWith(document.adoptNode(item));
    }
  }
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
