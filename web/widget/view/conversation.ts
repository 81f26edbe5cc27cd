import type { Chat, Entry } from "../chat";
import { fill } from "../i18n";
import { dayName } from "../words";
import { Bubble } from "./bubble";
import { arrange, el, icon, set, write } from "./dom";

const NEAR = 48; // px from the end that still count as "at the end"
const CLOSE_IN_TIME = 300_000; // ms within which the same author gets no second heading

/** The visible transcript. No live region: the announcer informs screen readers. */
export class Conversation {
  readonly scroller = el("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0" });
  readonly below = el("button", { type: "button", class: "below", hidden: true });
  readonly #belowLabel = el("span");
  readonly #list = el("ol", { class: "messages" });
  readonly #typing = el("p", { class: "typing", hidden: true });
  readonly #typingText = el("span");
  readonly #expired = el("p", { class: "day", hidden: true });
  readonly #bubbles = new Map<string, Bubble>();
  readonly #days = new Map<string, HTMLLIElement>();
  #newest = "";
  #news: Entry | undefined; // the entry that was last shown from its beginning
  #missed = false; // a message came while the reader was further up
  #own = 0; // where we scrolled to last
  #sticks = true; // the reader is at the end, so keep scrolling to it

  constructor(
    private readonly chat: Chat,
    welcome: Element,
    private readonly pressed: (button: { id: string; title: string }) => void,
  ) {
    this.#typing.append(el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), this.#typingText);
    this.scroller.append(welcome, this.#expired, this.#list, this.#typing);
    this.below.append(icon("down"), this.#belowLabel);
    this.below.addEventListener("click", () => {
      this.toEnd();
      this.scroller.focus({ preventScroll: true }); // the button is gone
    });
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // A growing banner or an opening keyboard must not hide the newest message. The greeting is read from its beginning.
    new ResizeObserver(() => this.#sticks && this.#newest && this.toEnd()).observe(this.scroller);
    // Nor may a photo that is drawn later.
    new ResizeObserver(() => this.#sticks && this.#newest && this.#reveal(this.#news)).observe(this.#list);
    // A photo changes the height only when it has loaded.
    new ResizeObserver(() => this.#sticks && this.#reveal(this.#news)).observe(this.#list);
  }

  update(): void {
    const { t } = this.chat;
    const entries = this.chat.entries;
    const wasAtEnd = this.#sticks;
    set(this.scroller, "aria-label", t.log);
    write(this.#expired, t.new_session);
    this.#expired.hidden = !this.chat.expired;
    this.#lines(entries);
    this.#typingLine();
    const last = entries.at(-1);
    if (last === undefined || last.key === this.#newest) {
      if (wasAtEnd && !this.#typing.hidden) this.toEnd();
      return this.#cue();
    }
    const first = this.#newest === "";
    const news = entries[entries.findIndex((entry) => entry.key === this.#newest) + 1];
    this.#newest = last.key;
    const ours = authorOf(last) === "contact";
    this.#news = ours || first ? undefined : news;
    if (first || ours || wasAtEnd) this.#reveal(this.#news);
    else this.#missed = true;
    this.#cue();
  }

  toEnd(): void {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    // On a screen too low for its own scrolling log (400 % zoom) the whole panel scrolls.
    if (this.scroller.scrollHeight <= this.scroller.clientHeight) this.#list.lastElementChild?.scrollIntoView({ block: "nearest" });
    this.#placed();
  }

  /** Page up and down from the message field. */
  page(direction: 1 | -1): void {
    this.scroller.scrollTop += direction * this.scroller.clientHeight * 0.8;
  }

  #lines(entries: readonly Entry[]): void {
    const wanted: Element[] = [];
    const lastOurs = entries.findLastIndex((entry) => entry.message === null || entry.message.author === "contact");
    const lastAgents = entries.findLastIndex((entry) => authorOf(entry) === "agent"); // what was offered before a person wrote is over
    let day = "";
    entries.forEach((entry, index) => {
      const at = (entry.message ?? entry.draft)?.created_at ?? "";
      const name = dayName(at, this.chat.language);
      if (name !== day) wanted.push(this.#day((day = name)));
      const bubble = this.#bubble(entry.key);
      bubble.update(entry, {
        live: index > lastOurs && (index > lastAgents || authorOf(entry) === "agent"),
        last: index === lastOurs,
        follows: wanted.at(-1)?.className !== "day" && alike(entries[index - 1], entry),
        chosen: textOf(entries.slice(index + 1).find((later) => authorOf(later) === "contact")),
      });
      wanted.push(bubble.root);
    });
    const keys = new Set(entries.map((entry) => entry.key));
    for (const key of this.#bubbles.keys()) if (!keys.has(key)) this.#bubbles.delete(key);
    arrange(this.#list, wanted);
    this.#list.hidden = wanted.length === 0;
  }

  #bubble(key: string): Bubble {
    const known = this.#bubbles.get(key);
    if (known !== undefined) return known;
    const made = new Bubble(this.chat, this.pressed);
    this.#bubbles.set(key, made);
    return made;
  }

  #day(name: string): Element {
    const line = this.#days.get(name) ?? el("li", { class: "day" });
    this.#days.set(name, line);
    write(line, name);
    return line;
  }

  #typingLine(): void {
    const { t, state, typing } = this.chat;
    this.#typing.hidden = !typing;
    const name = state?.owner === "agent" ? (state.agent_name ?? t.agent) : null;
    write(this.#typingText, name === null ? t.writing_bot : fill(t.writing_agent, { name }));
  }

  /** Scroll to the end, but never past the beginning of the newest message: an answer is read from its first line. */
  #reveal(news: Entry | undefined): void {
    this.toEnd();
    const root = news === undefined ? undefined : this.#bubbles.get(news.key)?.root;
    if (root === undefined) return;
    const top = root.offsetTop - 8;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    this.#placed();
  }

  #placed(): void {
    this.#own = this.scroller.scrollTop;
    this.#scrolled(true);
  }

  /** Its event for a place of ours comes later, when more may have been added: that is not the reader who went up. */
  #scrolled(moved = this.scroller.scrollTop !== this.#own): void {
    const end = this.#atEnd();
    if (moved || end) this.#sticks = end;
    this.#cue();
  }

  /** Whatever is out of sight below is one press away; the label names a new message. */
  #cue(): void {
    this.below.hidden = this.#atEnd();
    if (this.below.hidden) this.#missed = false;
    write(this.#belowLabel, this.#missed ? this.chat.t.below : this.chat.t.more);
    this.#belowLabel.className = this.#missed ? "" : "hidden";
  }

  #atEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }
}

function authorOf(entry: Entry | undefined): string {
  return entry?.message?.author ?? "contact";
}

function textOf(entry: Entry | undefined): string | null {
  return entry === undefined ? null : (entry.message?.text ?? entry.draft?.text ?? null);
}

function alike(before: Entry | undefined, now: Entry): boolean {
  if (before === undefined || authorOf(before) !== authorOf(now)) return false;
  if ((before.message?.agent_name ?? null) !== (now.message?.agent_name ?? null)) return false;
  const gap = Date.parse((now.message ?? now.draft)!.created_at) - Date.parse((before.message ?? before.draft)!.created_at);
  return Math.abs(gap) < CLOSE_IN_TIME;
}
