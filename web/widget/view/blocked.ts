import type { Chat } from "../chat";
import { el, set, write } from "./dom";

/** This page cannot use the chat: where the citizen can write instead. */
export class BlockedNote {
  readonly #text = el("p");
  readonly #link = el("a", { rel: "noopener" });
  readonly root = el("div", { class: "blocked", hidden: true }, this.#text, el("p", {}, this.#link));

  /** `own`: the page's own fallback link. */
  constructor(
    private readonly chat: Chat,
    private readonly own: () => string | undefined,
  ) {}

  update(): void {
    const { t, works, blocked, base, language } = this.chat;
    this.root.hidden = works;
    write(this.#text, t.blocked);
    write(this.#link, t.blocked_link);
    const own = blocked === "server" ? this.own() : undefined;
    set(this.#link, "href", own ?? new URL(`/chat?language=${encodeURIComponent(language)}`, base).href);
  }
}
