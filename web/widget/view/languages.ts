import type { Chat } from "../chat";
import { LANGUAGES, nameOf } from "../i18n";
import { Disclosure } from "./disclosure";
import { el, icon, set, write } from "./dom";

/** The language, behind a button in the header that shows which one it is now. */
export class Languages extends Disclosure {
  readonly #name: HTMLElement;
  readonly #label: HTMLElement;
  readonly #list: HTMLElement;

  constructor(
    private readonly chat: Chat,
    private readonly speak: (language: string) => void,
  ) {
    const [label, name] = [el("span", { class: "hidden" }), el("span", { class: "own" })];
    super("language", el("span", { class: "code" }, icon("globe"), label, name));
    this.#label = label;
    this.#name = name;
    this.#list = el("div", { class: "languages", role: "group" });
    this.root.append(this.#list);
  }

  update(): void {
    const { t, config, language } = this.chat;
    write(this.#label, `${t.language}: `);
    set(this.#list, "aria-label", t.language);
    write(this.#name, nameOf(language));
    const others = LANGUAGES.filter((code) => !config.languages.some((one) => one.code === code));
    for (const { code, name } of [...config.languages, ...others.map((code) => ({ code, name: nameOf(code) }))]) {
      const button = this.#list.querySelector(`[lang="${CSS.escape(code)}"]`) ?? this.#add(code, name);
      set(button, "aria-pressed", String(code === language));
    }
  }

  #add(code: string, name: string): Element {
    const button = el("button", { type: "button", lang: code, class: "quiet" }, name);
    button.addEventListener("click", () => this.speak(code));
    this.#list.append(button);
    return button;
  }
}
