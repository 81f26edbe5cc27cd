import type { Chat } from "../chat";
import { fill } from "../i18n";
import { el, set, write } from "./dom";

/** The top of every conversation: who answers, what is safe to write, how to start, and in which language. */
export class Welcome {
  readonly root = el("section", { class: "welcome" });
  private readonly demo = el("p", { class: "demo" });
  private readonly hello = el("p", { class: "hello" });
  private readonly care = el("p");
  private readonly starters = el("ul", { class: "choices" });
  private readonly buttons = [el("button", { type: "button" }), el("button", { type: "button" }), el("button", { type: "button" })];

  constructor(
    private readonly chat: Chat,
    ask: (text: string) => void,
  ) {
    for (const button of this.buttons) {
      button.addEventListener("click", () => ask(button.textContent ?? ""));
      this.starters.append(el("li", {}, button));
    }
    this.root.append(this.demo, this.hello, this.care, this.starters);
  }

  update(): void {
    const { t, config } = this.chat;
    this.demo.hidden = !config.demo;
    write(this.demo, fill(t.demo, { city: config.city }));
    write(this.hello, t.hello);
    const emergency = config.emergency_number === "" ? "" : `${fill(t.emergency, { number: config.emergency_number })} `;
    write(this.care, emergency + t.secrets);
    set(this.starters, "aria-label", t.starters);
    this.starters.hidden = this.chat.entries.length > 0;
    [t.start_1, t.start_2, t.start_3].forEach((text, index) => write(this.buttons[index]!, text));
  }
}
