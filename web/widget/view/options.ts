import type { Chat, Wish } from "../chat";
import { asPage, asText, download } from "../transcript";
import { LANGUAGES, nameOf } from "../i18n";
import { el, icon, set, write } from "./dom";

/** Language, download, clear: behind one button, as a disclosure that works with the keyboard. */
export class Options {
  readonly toggle = el("button", { type: "button", class: "round", "aria-expanded": "false", "aria-controls": "cd-options" }, icon("more"));
  readonly root = el("div", { class: "options", id: "cd-options", hidden: true });
  readonly #label = el("p", { class: "label", id: "cd-language" });
  readonly #languages = el("div", { class: "languages", role: "group", "aria-labelledby": "cd-language" });
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
    private readonly speak: (language: string) => void,
    private readonly say: (text: string) => void,
  ) {
    this.#sure.append(this.#question, el("div", { class: "row" }, this.#yes, this.#erase, this.#no));
    this.root.append(this.#label, this.#languages, el("div", { class: "languages" }, this.#large, this.#sound), this.#download, this.#page, this.#clear, this.#sure);
    this.toggle.addEventListener("click", () => this.#open(this.root.hasAttribute("hidden")));
    this.#download.addEventListener("click", () => download("conversation.txt", "plain", asText(this.chat)));
    this.#page.addEventListener("click", () => download("conversation.html", "html", asPage(this.chat)));
    this.#sound.addEventListener("click", () => this.#switch("sound"));
    this.#large.addEventListener("click", () => this.#switch("large"));
    this.#clear.addEventListener("click", () => this.#ask(true));
    this.#no.addEventListener("click", () => this.#ask(false));
    this.#yes.addEventListener("click", () => this.#forget());
    this.#erase.addEventListener("click", () => {
      this.chat.api.erase().then(() => this.#forget(), () => {
        write(this.#question, this.chat.t.erase_failed);
        this.say(this.chat.t.erase_failed);
      });
    });
  }

  /** True if there was something to close: Escape closes this before it closes the chat. */
  escape(): boolean {
    if (this.root.hasAttribute("hidden")) return false;
    this.#open(false);
    return true;
  }

  update(): void {
    const { t, config } = this.chat;
    set(this.toggle, "aria-label", t.options);
    write(this.#label, t.language);
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
    const others = LANGUAGES.filter((code) => !config.languages.some((one) => one.code === code));
    for (const { code, name } of [...config.languages, ...others.map((code) => ({ code, name: nameOf(code) }))]) {
      const button = this.#languages.querySelector(`[lang="${CSS.escape(code)}"]`) ?? this.#addLanguage(code, name);
      set(button, "aria-pressed", String(code === this.chat.language));
    }
  }

  #forget(): void {
    this.chat.forget();
    this.#ask(false);
    this.#open(false);
    this.say(this.chat.t.cleared);
  }

  #switch(wish: Wish): void {
    this.chat.store.set(wish, this.chat.has(wish) ? null : "1");
    this.chat.refresh();
  }

  #addLanguage(code: string, name: string): Element {
    const button = el("button", { type: "button", lang: code, class: "quiet" }, name);
    button.addEventListener("click", () => this.speak(code));
    this.#languages.append(button);
    return button;
  }

  #open(open: boolean): void {
    const inside = this.root.contains((this.root.getRootNode() as ShadowRoot).activeElement);
    this.root.hidden = !open;
    set(this.toggle, "aria-expanded", String(open));
    if (!open && inside) this.toggle.focus();
  }

  #ask(asking: boolean): void {
    write(this.#question, this.chat.t.clear_ask);
    this.#sure.hidden = !asking;
    this.#clear.hidden = asking;
    (asking ? this.#no : this.#clear).focus();
  }
}
