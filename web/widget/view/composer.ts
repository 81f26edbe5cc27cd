import type { Chat } from "../chat";
import { fill } from "../i18n";
import { whereAmI } from "../place";
import { Attachment } from "./attachment";
import { el, icon, set, write } from "./dom";

const COUNT_FROM = 0.8; // of the limit: below it no counter is needed
const MOST_ROWS = 6;

/** The field in which the citizen writes, adds a photo or shares a location. */
export class Composer {
  readonly root = el("form", { class: "composer", novalidate: true });
  readonly field = el("textarea", {
    id: "cd-input", rows: "1", dir: "auto", autocomplete: "off", enterkeyhint: "send", "aria-describedby": "cd-problem cd-count",
  });
  private readonly label = el("label", { for: "cd-input" });
  private readonly problem = el("p", { class: "problem", id: "cd-problem" });
  private readonly count = el("p", { class: "count", id: "cd-count" });
  private readonly place = el("button", { type: "button", class: "tool" });
  private readonly placeLabel = el("span");
  private readonly sendButton = el("button", { type: "submit", class: "send" });
  private readonly sendLabel = el("span");
  readonly photo: Attachment;
  private locating = false;
  private spoken: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly chat: Chat,
    private readonly say: (text: string) => void,
    private readonly page: (direction: 1 | -1) => void,
  ) {
    this.photo = new Attachment(chat, { problem: (sentence) => this.complain(sentence), said: say });
    this.place.append(icon("place"), this.placeLabel);
    this.sendButton.append(this.sendLabel, icon("send"));
    this.root.append(
      this.label, this.problem, this.photo.root, this.field, this.count,
      el("div", { class: "tools" }, this.photo.button, this.photo.input, this.place, this.sendButton),
    );
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("paste", (event) => this.paste(event));
    this.place.addEventListener("click", () => void this.locate());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  update(): void {
    const { t } = this.chat;
    write(this.label, t.input);
    write(this.placeLabel, t.place);
    set(this.place, "aria-label", t.place_full);
    write(this.sendLabel, t.send);
    this.photo.update();
    this.counter();
  }

  focus(): void {
    this.field.focus({ preventScroll: true });
  }

  complain(sentence: string): void {
    write(this.problem, sentence);
    set(this.field, "aria-invalid", sentence === "" ? null : "true");
    if (sentence !== "") this.say(sentence);
  }

  private submit(): void {
    const text = this.field.value.trim();
    const { t, config } = this.chat;
    const over = [...text].length - config.limits.text;
    if (this.photo.busy) return this.refuse(t.photo_wait);
    if (text === "" && this.photo.media === null) return this.refuse(t.empty);
    if (over > 0) return this.refuse(fill(t.too_long, { n: over }));
    this.chat.send(text, this.photo.media === null ? [] : [this.photo.media]);
    this.field.value = "";
    this.photo.clear();
    this.complain("");
    this.typed();
  }

  private refuse(sentence: string): void {
    this.complain(sentence);
    this.focus();
  }

  private async locate(): Promise<void> {
    if (this.locating) return;
    this.locating = true;
    const { t } = this.chat;
    this.complain("");
    this.say(t.place_looking);
    write(this.placeLabel, t.place_looking);
    try {
      this.chat.locate(await whereAmI());
    } catch (refused) {
      this.complain(refused === true ? this.chat.t.place_refused : this.chat.t.place_failed);
      this.focus();
    } finally {
      this.locating = false;
      write(this.placeLabel, this.chat.t.place);
    }
  }

  private key(event: KeyboardEvent): void {
    // While an input method composes a character, it handles Enter.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if ((event.key === "PageUp" || event.key === "PageDown") && this.field.scrollHeight <= this.field.clientHeight + 4) {
      event.preventDefault();
      this.page(event.key === "PageUp" ? -1 : 1);
    }
  }

  private paste(event: ClipboardEvent): void {
    const photo = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (photo === undefined) return;
    event.preventDefault();
    void this.photo.take(photo);
  }

  private typed(): void {
    if (this.problem.textContent !== "" && !this.photo.busy) this.complain("");
    // `rows` instead of a height: a style attribute would need a weaker Content-Security-Policy.
    this.field.rows = 1;
    while (this.field.rows < MOST_ROWS && this.field.scrollHeight > this.field.clientHeight) this.field.rows += 1;
    this.counter();
    clearTimeout(this.spoken);
    if (this.count.textContent !== "") this.spoken = setTimeout(() => this.say(this.count.textContent ?? ""), 1500);
  }

  private counter(): void {
    const { t, config } = this.chat;
    const length = [...this.field.value].length;
    const most = config.limits.text;
    const over = length > most;
    const number = (value: number) => value.toLocaleString(this.chat.language);
    write(this.count, length < most * COUNT_FROM ? "" : over
      ? fill(t.too_long, { n: number(length - most) })
      : fill(t.counter, { n: number(length), max: number(most) }));
    this.count.classList.toggle("problem", over);
  }
}
