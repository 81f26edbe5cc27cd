import type { Chat, Wish } from "../chat";
import { el, set, write } from "../view/dom";
import { asPage, asText, download } from "./transcript";

/** The menu: how the chat looks and sounds here, and what citizens may do with what they wrote. */
export class Rights {
  readonly #download = el("button", { type: "button", class: "plain" });
  readonly #page = el("button", { type: "button", class: "plain" });
  readonly #sound = el("button", { type: "button", class: "quiet" });
  readonly #large = el("button", { type: "button", class: "quiet" });
  readonly #clear = el("button", { type: "button", class: "plain" });
  readonly #question = el("p");
  readonly #yes = el("button", { type: "button", class: "danger" });
  readonly #erase = el("button", { type: "button", class: "danger" });
  readonly #no = el("button", { type: "button", class: "quiet" });
  readonly #sure = el("div", { class: "sure", hidden: true });

  constructor(
    private readonly chat: Chat,
    root: Element,
    private readonly say: (text: string) => void,
    private readonly close: () => void,
  ) {
    this.#sure.append(this.#question, el("div", { class: "row" }, this.#yes, this.#erase, this.#no));
    root.replaceChildren(el("div", { class: "languages" }, this.#large, this.#sound), this.#download, this.#page, this.#clear, this.#sure);
    this.#download.addEventListener("click", () => download("conversation.txt", "plain", asText(chat)));
    this.#page.addEventListener("click", () => download("conversation.html", "html", asPage(chat)));
    this.#sound.addEventListener("click", () => this.#switch("sound"));
    this.#large.addEventListener("click", () => this.#switch("large"));
    this.#clear.addEventListener("click", () => this.#ask(true));
    this.#no.addEventListener("click", () => this.#ask(false));
    this.#yes.addEventListener("click", () => this.#forget());
    this.#erase.addEventListener("click", () => {
      chat.api.erase().then(() => this.#forget(), () => {
        write(this.#question, chat.t.erase_failed);
        this.say(chat.t.erase_failed);
      });
    });
  }

  update(): void {
    const { t } = this.chat;
    write(this.#download, t.download);
    write(this.#page, t.download_page);
    write(this.#sound, t.sound);
    write(this.#large, t.large);
    set(this.#sound, "aria-pressed", String(this.chat.has("sound")));
    set(this.#large, "aria-pressed", String(this.chat.has("large")));
    write(this.#clear, t.clear);
    write(this.#yes, t.clear_yes);
    write(this.#erase, t.erase);
    this.#erase.hidden = this.chat.session.current === null;
    write(this.#no, t.clear_no);
    this.#download.hidden = this.#page.hidden = this.chat.entries.length === 0;
  }

  #forget(): void {
    this.chat.forget();
    this.#ask(false);
    this.close();
    this.say(this.chat.t.cleared);
  }

  #switch(wish: Wish): void {
    this.chat.store.set(wish, this.chat.has(wish) ? null : "1");
    this.chat.refresh();
  }

  #ask(asking: boolean): void {
    write(this.#question, this.chat.t.clear_ask);
    this.#sure.hidden = !asking;
    this.#clear.hidden = asking;
    (asking ? this.#no : this.#clear).focus();
  }
}
