// The console works without this file. With it, pages update automatically, and a reply is sent without a reload.

import { offerAnswers } from "./answers";
import { arrive } from "./arrival";
import { checkAnswers } from "./check";
import { keepDraft, saveWhenLeaving } from "./draft";
import { showOthers } from "./here";
import { watchIdle } from "./idle";
import { takeFiles } from "./files";
import { listenForKeys } from "./keys";
import { closeMenus } from "./menus";
import { notifyOf, offerNotices } from "./notices";
import { adopt, announce, documentOf, showCounts } from "./page";
import { paced } from "./pace";
import { takePhotos } from "./photo";
import { adoptList, watchChosen } from "./rows";
import { offerPasskeys } from "./passkeys";
import { offerPush } from "./push";
import { showReplies } from "./reply";
import { type Change, follow } from "./stream";
import { countDown } from "./undo";
import { followWall } from "./wall";

document.documentElement.classList.add("live");

const AGAIN = 4_000; // ms until a part that could not be fetched is asked for again
const body = document.body;
const source = body.dataset["source"];
const list = body.dataset["list"];
const wall = body.dataset["wall"] ? followWall(body.dataset["wall"]) : undefined;
const thread = document.querySelector<HTMLElement>("[data-thread]");
let busy: Promise<void> = Promise.resolve();

// Signing out ends the session while the page is still navigating: a reload would override the destination.
let leaving = false;
addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => (leaving = false), 10_000); // a download leaves no page
});

watchIdle();
offerPasskeys();
checkAnswers();

if (document.querySelector("[data-announce]")) {
  showLatest();
  keepLatest();
  arrive();
  keepDraft();
  saveWhenLeaving();
  countDown();
  listenForKeys();
  watchChosen();
  closeMenus();
  offerAnswers();
  takePhotos();
  showOthers();
  offerNotices();
  offerPush();
  takeFiles();
  const refreshRows = paced(() => inOrder("list", refreshList));
  const refresh = (change?: Change): void => {
    const here = body.dataset["conversation"];
    const concerns = !change || change.first || (here !== undefined && change.conversations.includes(here));
    if (source && concerns) inOrder("conversation", refreshConversation);
    if (list) refreshRows(change);
  };
  // One at a time: two overlapping responses must not show the same message twice.
  function inOrder(part: string, fetch: () => Promise<boolean>): void {
    busy = busy
      .then(fetch)
      .then((caughtUp) => behind(part, caughtUp, refresh))
      .catch(() => behind(part, false, refresh));
  }
  showReplies(refresh);
  follow({
    changed(change) {
      showCounts(change);
      notifyOf(change);
      refresh(change);
      wall?.();
    },
    alarmed: showAlarm,
    signedOut() {
      if (!leaving) location.reload();
    },
  });
  // Waiting times grow even when nothing happens.
  if (list) setInterval(refresh, 60_000);
  if (wall) setInterval(wall, 15_000); // waits and promises grow without any change
}

/** An emergency account was used: the banner at the top of the page says so. */
function showAlarm(): void {
  const alarm = document.querySelector<HTMLElement>("[data-security-alarm]");
  if (alarm) alarm.hidden = false;
}

/** Scroll to the newest message: in the transcript's own scroll area, or on a page with one pane. */
function showLatest(): void {
  if (!thread) return;
  history.scrollRestoration = "manual"; // a reload shows the newest message, too
  thread.scrollTop = thread.scrollHeight;
  const last = thread.querySelector("[data-messages] > li:last-child");
  if (thread.scrollHeight <= thread.clientHeight && last) last.scrollIntoView({ block: "center" });
}

/** The newest message stays in sight when the reply grows, or when the list of answers opens above it. */
function keepLatest(): void {
  if (!thread) return;
  let atEnd = isAtEnd(thread);
  thread.addEventListener("scroll", () => (atEnd = isAtEnd(thread)), { passive: true });
  new ResizeObserver(() => {
    if (atEnd) thread.scrollTop = thread.scrollHeight;
  }).observe(thread);
}

function isAtEnd(part: HTMLElement): boolean {
  return part.scrollHeight - part.scrollTop - part.clientHeight < 80;
}

let again: ReturnType<typeof setTimeout> | undefined;
const late = new Set<string>(); // parts that could not be fetched

/** A part that could not be fetched is reported and fetched again, even though the stream is connected. */
function behind(part: string, caughtUp: boolean, refresh: () => void): void {
  if (caughtUp) late.delete(part);
  else late.add(part);
  const note = document.querySelector<HTMLElement>("[data-behind]");
  if (note) note.hidden = late.size === 0;
  clearTimeout(again);
  if (late.size > 0) again = setTimeout(refresh, AGAIN);
}

/** False if the desk did not answer. */
async function refreshList(): Promise<boolean> {
  const answer = await documentOf(list ?? "");
  const before = waitingNow();
  if (!answer) return false;
  if (!adoptList(answer)) return true;
  const now = waitingNow();
  if (now > before && !source) announce(now === 1 ? "One conversation is waiting." : `${now} conversations are waiting.`);
  return true;
}

/** False if the desk did not answer. */
async function refreshConversation(): Promise<boolean> {
  const answer = await documentOf(`${source}?after=${body.dataset["lastSeq"] ?? "0"}`);
  const messages = document.querySelector("[data-messages]");
  const root = answer?.querySelector<HTMLElement>("[data-last-seq]");
  if (!answer || !messages || !root) return false;
  const known = Number(body.dataset["lastSeq"] ?? "0");
  const fresh = [...answer.querySelectorAll<HTMLElement>("[data-new] > li")].filter(
    (item) => Number(item.dataset["seq"]) > known,
  );
  const atEnd = thread ? isAtEnd(thread) : false;
  // Earlier ones too: a provider reports on a message after it was shown.
  for (const item of answer.querySelectorAll<HTMLElement>("[data-earlier] > li")) {
    const shown = messages.querySelector<HTMLElement>(`li[data-seq="${Number(item.dataset["seq"])}"]`);
    if (shown && !shown.isEqualNode(item) && !shown.contains(document.activeElement)) {
      shown.replaceWith(document.adoptNode(item));
    }
  }
  for (const item of fresh) messages.append(document.adoptNode(item));
  body.dataset["lastSeq"] = root.dataset["lastSeq"] ?? "0";
  if (thread && atEnd) thread.scrollTop = thread.scrollHeight;
  const before = owner();
  for (const part of ["head", "whispers", "scheduled", "reply", "side"]) adopt(answer, part);
  keepDraft();
  tell(fresh);
  // Somebody else was faster, or took it over: the buttons change.
  if (owner() !== before && owner()) announce(`${owner()}.`);
  return true;
}

/** Who has the conversation, as the page says it. */
function owner(): string {
  return document.querySelector("[data-owner]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
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
