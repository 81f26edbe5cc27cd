import type { Chat } from "../chat";
import { fill } from "../i18n";
import type * as More from "../more";
import type { Review } from "../more/review";
import { el, set, write } from "./dom";

/** The progress of the unfinished report, and its controls. */
export class ReportBar {
  readonly #text = el("p", { class: "state" });
  readonly #bar = el("progress");
  readonly #back = this.#button("back");
  readonly #later = this.#button("later");
  readonly #continue = this.#button("continue");
  readonly #check = el("button", { type: "button", class: "plain" });
  #review: Review | null = null;
  readonly root = el("div", { class: "banner report", role: "group" }, el("div", { class: "row" }, this.#text, this.#bar), el("div", { class: "row" }, this.#back, this.#later, this.#continue, this.#check));

  constructor(
    private readonly chat: Chat,
    private readonly more: () => Promise<typeof More>,
    private readonly composer: { complain(sentence: string): void; focus(): void },
  ) {
    this.#check.addEventListener("click", () => void this.#open());
  }

  /** True if there was something to close. */
  escape(): boolean {
    if (this.#review === null || this.#review.root.hidden) return false;
    this.#review.close();
    return true;
  }

  /** The review replaces the conversation. */
  async #open(): Promise<void> {
    const panel = this.root.parentElement;
    try {
      const { Review } = await this.more();
      if (this.#review === null) {
        this.#review = new Review(this.chat, (asked) => {
          panel?.classList.remove("reviewing");
          (asked || this.root.hidden ? this.composer : this.#check).focus();
        });
        this.root.after(this.#review.root);
      }
      panel?.classList.add("reviewing");
      this.#review.open();
    } catch {
      this.composer.complain(this.chat.t.load_failed);
    }
  }

  update(): void {
    const { t, report, works } = this.chat;
    this.root.hidden = report === null || !works;
    this.#review?.update();
    if (report === null) return;
    const step = fill(t.report_step, { n: report.step, m: report.steps });
    write(this.#text, report.paused ? t.report_kept : step);
    set(this.root, "aria-label", t.report);
    set(this.#bar, "aria-label", step);
    this.#bar.max = report.steps;
    this.#bar.value = report.step;
    for (const [button, does, label] of [[this.#back, "back", t.report_back], [this.#later, "later", t.report_later], [this.#continue, "continue", t.report_continue]] as const) {
      write(button, label);
      button.hidden = !report.controls.some((one) => one.does === does);
    }
    write(this.#check, t.report_check);
    this.#check.hidden = report.answers.length === 0;
  }

  #button(does: string): HTMLButtonElement {
    const button = el("button", { type: "button", class: "plain" });
    button.addEventListener("click", () => {
      const control = this.chat.report?.controls.find((one) => one.does === does);
      if (control !== undefined) this.chat.press(control);
    });
    return button;
  }
}
