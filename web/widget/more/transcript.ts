import type { Chat } from "../chat";
import { save } from "./drawing";
import { direction } from "../language";
import { authorName } from "../names";
import { el } from "../view/dom";
import { calendarDay, clock } from "../words";

interface Said {
  readonly head: string;
  readonly language: string;
  readonly lines: readonly string[];
}

function said(chat: Chat): readonly Said[] {
  const { t, language } = chat;
  return chat.entries.map(({ message, draft }) => {
    const at = (message ?? draft)?.created_at ?? "";
    const who = message === null ? t.you : authorName(message, chat);
    const lines = [message?.text ?? draft?.text ?? ""];
    for (const one of message?.attachments ?? draft?.body.media ?? []) {
      const alt = typeof one === "string" ? null : one.alt;
      const kind = typeof one !== "string" && one.content_type === "application/pdf" ? t.document : t.photo_theirs;
      lines.push(alt ? `[${kind}: ${alt}]` : `[${kind}]`);
    }
    const place = message?.location ?? draft?.place;
    if (place) lines.push(`${t.place_yours}: ${place.latitude}, ${place.longitude}`);
    if (message?.source) lines.push(`${t.source} ${message.source.title} ${message.source.url ?? ""}`.trim());
    return {
      head: `${calendarDay(at, language)} ${clock(at, language)}  ${who}`,
      language: message?.language ?? language,
      lines: lines.filter((line) => line !== ""),
    };
  });
}

function titleOf(chat: Chat): string {
  return chat.config.city === "" ? chat.t.log : chat.config.city;
}

/** The conversation as plain text. */
export function asText(chat: Chat): string {
  return [titleOf(chat), "", ...said(chat).flatMap(({ head, lines }) => [head, ...lines, ""])].join("\r\n");
}

/** The conversation as a page of its own, to read with headings or to print. */
export function asPage(chat: Chat): string {
  const page = document.implementation.createHTMLDocument(titleOf(chat));
  page.documentElement.lang = chat.language;
  page.documentElement.dir = direction(chat.language);
  page.head.prepend(el("meta", { charset: "utf-8" }));
  page.body.append(el("h1", {}, titleOf(chat)));
  for (const { head, language, lines } of said(chat)) {
    page.body.append(el("h2", {}, head), ...lines.map((line) => el("p", { lang: language, dir: "auto" }, line)));
  }
  return `<!doctype html>${new XMLSerializer().serializeToString(page.documentElement)}`;
}

/** `kind`: plain or html. */
export function download(name: string, kind: string, text: string): void {
  save(new Blob(["\uFEFF", text], { type: `text/${kind};charset=utf-8` }), name);
}

const MAILED = 1_500; // characters; longer mailto: addresses are refused by some mail programs

/**
 * Opens the citizen's own mail program: the city learns no address, and cannot be made to write to a stranger. If
 * the device can share files, the whole conversation is shared as one; otherwise its end, after `cut`.
 */
export function mail(city: string, text: string, cut: string): void {
  const file = new File(["\uFEFF", text], "conversation.txt", { type: "text/plain" });
  if (navigator.canShare?.({ files: [file] }) && matchMedia("(pointer: coarse)").matches) {
    void navigator.share({ files: [file], title: city }).catch(() => undefined);
    return;
  }
  const body = text.length <= MAILED ? text : `${cut}\r\n\r\n…${text.slice(-MAILED)}`;
  const link = document.createElement("a");
  link.href = `mailto:?subject=${encodeURIComponent(city)}&body=${encodeURIComponent(body)}`;
  link.click();
}
