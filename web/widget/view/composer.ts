import type { Chat } from "../chat";
import { TWICE } from "../chat";
import { plural } from "../i18n";
import type { Attachments } from "../more/attachments";
import type { Where } from "../more/where";
import type * as More from "../more";
import { el, icon, set, write } from "./dom";

const COUNT_FROM = 0.8; // of the limit: below it no counter is needed
const MOST_ROWS = 6;
const DRAFT = "draft"; // half-written text, kept until it is sent
const COMPOSED = 229; // Safari reports the Enter that ends an input method's composition with this code, after it has ended

/** The field in which the citizen writes, adds a photo or shares a location. */
export class Composer {
  readonly root = el("form", { class: "composer", novalidate: true });
  readonly field = el("textarea", {
    id: "cd-input", rows: "1", dir: "auto", autocomplete: "off", enterkeyhint: "send", "aria-describedby": "cd-problem cd-count",
  });
  readonly #label = el("label", { for: "cd-input" });
  readonly #problem = el("p", { class: "problem", id: "cd-problem" });
  readonly #count = el("p", { class: "count", id: "cd-count" });
  readonly #place = el("button", { type: "button", class: "tool" });
  readonly #placeLabel = el("span");
  readonly #sendButton = el("button", { type: "submit", class: "send" });
  readonly #sendLabel = el("span");
  readonly #photo = el("button", { type: "button", class: "tool" });
  readonly #photoLabel = el("span");
  readonly #input = el("input", { type: "file", accept: "image/*,.pdf", multiple: true, class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  readonly #attached = el("div");
  #photos: Attachments | null = null;
  #coming = 0; // photos that wait for the second script
  #due = false; // Send was pressed meanwhile
  #where: Where | null = null;
  #sentAt = 0;
  #spoken: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly chat: Chat,
    private readonly say: (text: string) => void,
    private readonly page: (direction: 1 | -1) => void,
    private readonly more: () => Promise<typeof More>,
  ) {
    this.#photo.append(icon("photo"), this.#photoLabel);
    this.#place.append(icon("place"), this.#placeLabel);
    this.#sendButton.append(this.#sendLabel, icon("send"));
    this.root.append(
      this.#label, this.#problem, this.#attached, this.field, this.#count,
      el("div", { class: "tools" }, this.#photo, this.#input, this.#place, this.#sendButton),
    );
    this.field.addEventListener("input", () => {
      this.chat.store.set(DRAFT, this.field.value === "" ? null : this.field.value);
      this.#typed();
    });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("paste", (event) => this.#paste(event));
    this.#photo.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => {
      const files = [...(this.#input.files ?? [])];
      this.#input.value = ""; // the same photo may be chosen again
      void this.#add(files);
    });
    this.#place.addEventListener("click", () => void this.#locate());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.value = this.chat.store.get(DRAFT) ?? "";
  }

  update(): void {
    const { t } = this.chat;
    this.root.hidden = !this.chat.works;
    write(this.#label, t.input);
    write(this.#placeLabel, t.place);
    set(this.#place, "aria-label", t.place_full);
    write(this.#sendLabel, t.send);
    write(this.#photoLabel, t.photo);
    set(this.#photo, "aria-label", t.photo_full);
    this.#photos?.update();
    this.#where?.update();
    this.#counter();
  }

  /** Text for the citizen to send or change. It does not replace their own text. */
  suggest(text: string): void {
    if (text === "" || this.field.value.trim() !== "") return;
    this.field.value = text;
    this.#typed();
  }

  focus(): void {
    this.field.focus({ preventScroll: true });
  }

  complain(sentence: string): void {
    write(this.#problem, sentence);
    set(this.field, "aria-invalid", sentence === "" ? null : "true");
    if (sentence !== "") this.say(sentence);
  }

  #submit(): void {
    const text = this.field.value.trim();
    const { t, config } = this.chat;
    const over = [...text].length - config.limits.text;
    if (text === "" && this.#coming === 0 && this.#photos?.none !== false) {
      // The second tap of a double tap finds the field empty.
      return Date.now() - this.#sentAt < TWICE ? undefined : this.#refuse(t.empty);
    }
    if (over > 0) return this.#refuse(plural("too_long", over, this.chat.language));
    this.#due ||= this.#coming > 0;
    const media = this.#photos?.hand() ?? [];
    if (text !== "" || media.length > 0) this.chat.send(text, media);
    this.field.value = "";
    this.#sentAt = Date.now();
    this.chat.store.set(DRAFT, null);
    this.complain("");
    this.#typed();
  }

  #refuse(sentence: string): void {
    this.complain(sentence);
    this.focus();
  }

  /** From the file chooser, or pasted into the message. */
  async #add(files: readonly Blob[]): Promise<void> {
    this.complain("");
    this.#coming += files.length;
    try {
      const { Attachments } = await this.more();
      if (this.#photos === null) {
        const listener = { problem: (sentence: string) => this.complain(sentence), said: this.say };
        this.#photos = new Attachments(this.chat, this.#photo, listener);
        this.#attached.replaceWith(this.#photos.root);
      }
      this.#photos.add(files);
      this.#coming -= files.length;
      if (this.#due) this.#photos.hand();
      this.#due = false;
    } catch {
      this.#coming -= files.length;
      this.#refuse(this.chat.t.load_failed);
    }
  }

  async #locate(): Promise<void> {
    this.complain("");
    try {
      const { Where } = await this.more();
      if (this.#where === null) {
        this.#where = new Where(this.chat, {
          say: this.say,
          closed: (problem) => {
            this.complain(problem);
            (problem === "" ? this.#place : this.field).focus();
          },
        });
        this.#label.before(this.#where.root);
      }
      if (!this.#where.close()) this.#where.open();
    } catch {
      this.#refuse(this.chat.t.load_failed);
    }
  }

  /** True if there was something to close. */
  escape(): boolean {
    return this.#where?.close() === true;
  }

  #key(event: KeyboardEvent): void {
    // While an input method composes a character, it handles Enter.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== COMPOSED) {
      event.preventDefault();
      this.#submit();
    } else if ((event.key === "PageUp" || event.key === "PageDown") && this.field.scrollHeight <= this.field.clientHeight + 4) {
      event.preventDefault();
      this.page(event.key === "PageUp" ? -1 : 1);
    }
  }

  #paste(event: ClipboardEvent): void {
    const photos = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (photos.length === 0) return;
    event.preventDefault();
    void this.#add(photos);
  }

  #typed(): void {
    if (this.#problem.textContent !== "" && !this.#photos?.busy) this.complain("");
    // `rows` instead of a height: a style attribute would need a weaker Content-Security-Policy.
    this.field.rows = 1;
    while (this.field.rows < MOST_ROWS && this.field.scrollHeight > this.field.clientHeight) this.field.rows += 1;
    this.#counter();
    clearTimeout(this.#spoken);
    if (this.#count.textContent !== "") this.#spoken = setTimeout(() => this.say(this.#count.textContent ?? ""), 1500);
  }

  #counter(): void {
    const { config } = this.chat;
    const length = [...this.field.value].length;
    const most = config.limits.text;
    const over = length > most;
    const { language } = this.chat;
    write(this.#count, length < most * COUNT_FROM ? "" : over
      ? plural("too_long", length - most, language)
      : plural("counter", length, language, { max: most.toLocaleString(language) }));
    this.#count.classList.toggle("problem", over);
  }
}
