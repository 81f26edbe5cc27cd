import type { Chat } from "../chat";
import { el } from "../view/dom";

const PARTS = ["service", "description", "location", "photo", "contact"] as const;

/** The answers of a report, each with a button that changes it, in place of the conversation until it is closed. */
export class Review {
  readonly #heading = el("h3", { id: "cd-review", tabindex: "-1" });
  readonly #answers = el("dl");
  readonly #send = el("button", { type: "button", class: "send" });
  readonly #close = el("button", { type: "button", class: "quiet" });
  readonly root = el("section", { class: "review", "aria-labelledby": "cd-review", hidden: true }, this.#heading, this.#answers, el("div", { class: "row" }, this.#send, this.#close));
  #drawn = "";

  /** `closed`: show the conversation again; true: the citizen is asked something there. */
  constructor(
    private readonly chat: Chat,
    private readonly closed: (asked: boolean) => void,
  ) {
    this.#close.addEventListener("click", () => this.close());
    this.#send.addEventListener("click", () => this.#press("send"));
  }

  open(): void {
    this.#drawn = "";
    this.root.hidden = false;
    this.update();
    this.#heading.focus();
  }

  close(asked = false): void {
    this.root.hidden = true;
    this.closed(asked);
  }

  update(): void {
    if (this.root.hidden) return;
    const { report, t, language } = this.chat;
    if (report === null || report.answers.length === 0) return this.close();
    const now = JSON.stringify([report, language]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#heading.textContent = t.review_title;
    this.#send.textContent = t.review_send;
    this.#close.textContent = t.review_close;
    this.#answers.replaceChildren(
      ...report.answers.map(({ part, title, text }) => {
        const own = PARTS.find((one) => one === part);
        const name = title ?? (own === undefined ? part : t[`review_${own}`]);
        const change = el("button", { type: "button", class: "plain", "aria-label": `${t.review_change}: ${name}` }, t.review_change);
        change.addEventListener("click", () => this.#press(part));
        return el("div", {}, el("dt", { dir: "auto" }, name), el("dd", { dir: "auto" }, text === "" ? t.review_none : text), el("dd", {}, change));
      }),
    );
  }

  #press(does: string): void {
    const { report } = this.chat;
    const change = report?.controls.find((one) => one.does === does);
    if (change === undefined) return;
    this.chat.press(change);
    this.close(true);
  }
}
