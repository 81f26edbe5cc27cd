import { el } from "./dom";

const STAND = 1000; // ms for which a text stays; below 100 ms, Chrome with TalkBack misses it
const GAP = 150; // ms between two texts, so that each is announced separately

/**
 * Announces texts to screen readers, apart from what is shown: a polite live region that keeps each text for a second.
 * The log itself is no live region, so history, moved nodes and redrawn labels are never read out.
 */
export class Announcer {
  readonly region = el("div", { class: "hidden", "aria-live": "polite", "aria-relevant": "additions", "aria-atomic": "false" });
  readonly #queue: { text: string; language: string | null }[] = [];
  #busy = false;

  say(text: string, language: string | null = null): void {
    if (text.trim() === "") return;
    this.#queue.push({ text, language });
    if (!this.#busy) this.#next();
  }

  #next(): void {
    const item = this.#queue.shift();
    this.#busy = item !== undefined;
    if (item === undefined) return;
    const line = el("p", item.language === null ? {} : { lang: item.language }, item.text);
    this.region.append(line);
    setTimeout(() => line.remove(), STAND);
    setTimeout(() => this.#next(), GAP);
  }
}
