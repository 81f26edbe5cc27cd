import type { Chat } from "../chat";
import { fill } from "../i18n";
import { el, set, write } from "./dom";

/** The top of every conversation: who answers, what is safe to write, how to start, and in which language. */
export class Welcome {
  readonly root = el("section", { class: "welcome" });
  readonly #demo = el("p", { class: "demo" });
  readonly #hello = el("p", { class: "hello" });
  readonly #care = el("p");
  readonly #starters = el("ul", { class: "choices" });
  readonly #buttons = [el("button", { type: "button" }), el("button", { type: "button" }), el("button", { type: "button" })];

  constructor(
    private readonly chat: Chat,
    ask: (text: string) => void,
    private readonly emergency: () => string,
  ) {
    for (const button of this.#buttons) {
      button.addEventListener("click", () => ask(button.textContent ?? ""));
      this.#starters.append(el("li", {}, button));
    }
    this.root.append(this.#demo, this.#hello, this.#care, this.#starters);
  }

  update(): void {
    const { t, config } = this.chat;
    this.#demo.hidden = !config.demo;
    write(this.#demo, fill(t.demo, { city: config.city }));
    const languages = new Intl.ListFormat(this.chat.language, { type: "conjunction" }).format(config.languages.map((one) => one.name));
    write(this.#hello, this.chat.foreign ? fill(t.foreign, { languages }) : (config.greetings?.[this.chat.language] ?? t.hello));
    // Shown even if the configuration does not load.
    const number = config.emergency_number || this.emergency();
    write(this.#care, `${number === "" ? t.emergency_plain : fill(t.emergency, { number })} ${t.secrets}`);
    set(this.#starters, "aria-label", t.starters);
    this.#starters.hidden = this.chat.entries.length > 0 || this.chat.foreign || !this.chat.works;
    [t.start_1, t.start_2, t.start_3].forEach((text, index) => write(this.#buttons[index]!, text));
  }
}
