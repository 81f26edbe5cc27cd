import type { Chat } from "./chat";
import { authorName } from "./names";
import { calendarDay, clock } from "./words";

/** The conversation as plain text, for saving or printing. */
export function transcript(chat: Chat): string {
  const lines = [chat.config.city === "" ? chat.t.log : chat.config.city, ""];
  for (const { message, draft } of chat.entries) {
    const at = (message ?? draft)?.created_at ?? "";
    const who = message === null ? chat.t.you : authorName(message, chat);
    lines.push(`${calendarDay(at, chat.language)} ${clock(at, chat.language)}  ${who}`);
    const text = message?.text ?? draft?.text ?? "";
    if (text !== "") lines.push(text);
    for (const one of message?.attachments ?? draft?.body.media ?? []) {
      const alt = typeof one === "string" ? null : one.alt;
      lines.push(alt ? `[${chat.t.photo}: ${alt}]` : `[${chat.t.photo}]`);
    }
    const place = message?.location ?? draft?.place;
    if (place) lines.push(`${chat.t.place_yours}: ${place.latitude}, ${place.longitude}`);
    if (message?.source) lines.push(`${chat.t.source} ${message.source.title} ${message.source.url ?? ""}`.trim());
    lines.push("");
  }
  return lines.join("\r\n");
}

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
