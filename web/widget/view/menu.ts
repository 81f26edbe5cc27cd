import type { Chat } from "../chat";
import type * as More from "../more";
import type { Rights } from "../more/rights";
import { Disclosure } from "./disclosure";
import { el, icon, set, write } from "./dom";

/** The menu: its button is here, its content comes with the second script. */
export class Menu extends Disclosure {
  #rights: Rights | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly more: () => Promise<typeof More>,
    private readonly say: (text: string) => void,
  ) {
    super("options", icon("more"));
  }

  update(): void {
    set(this.toggle, "aria-label", this.chat.t.options);
    this.#rights?.update();
  }

  protected override opened(): void {
    if (this.#rights === null) void this.#fill();
  }

  async #fill(): Promise<void> {
    const { t } = this.chat;
    const note = el("p", { role: "status" }, t.loading);
    this.root.replaceChildren(note);
    try {
      const { Rights } = await this.more();
      this.#rights ??= new Rights(this.chat, this.root, this.say, () => this.show(false));
      this.update();
    } catch {
      write(note, t.load_failed);
    }
  }
}
