import type { Chat, Entry } from "../chat";
import type { Place, Source } from "../contract";
import { pieces, safeAddress } from "../links";
import { more } from "../later";
import { authorName } from "../names";
import type { Strings } from "../i18n";
import { fill, stringsFor } from "../i18n";
import { calendarDay, clock } from "../words";
import { arrange, el, icon, set, write } from "./dom";

const EXAMPLE = "SR-7K2P-Q9XM"; // in content/dialogue: a message that shows it has no number of the citizen's to copy
const LONG = 700; // characters from which an answer is folded
const FIRST_PART = 450; // of them stay in sight at most

/** One message on screen. Made once; what can change later (status, choices, labels) is updated in place. */
export class Bubble {
  readonly root = el("li", { class: "message" });
  readonly #head = el("p", { class: "who" });
  readonly #name = el("span", { class: "name" });
  readonly #time = el("time");
  readonly #text = el("div", { class: "text", dir: "auto" });
  readonly #more = el("button", { type: "button", class: "plain", hidden: true });
  readonly #source = el("p", { class: "source" });
  readonly #choices = el("ul", { class: "choices" });
  readonly #foot = el("p", { class: "status" });
  readonly #pictures: HTMLElement[] = [];
  readonly #placeLabel = el("span");
  #shown = "";
  #drawn = "";

  constructor(
    private readonly chat: Chat,
    private readonly pressed: (button: { id: string; title: string }) => void,
  ) {
    this.#head.append(this.#name, el("span", { "aria-hidden": "true" }, " · "), this.#time);
  }

  /** `live`: its choices can still be pressed. `follows`: same author as the line before. `chosen`: the title that was pressed. */
  update(entry: Entry, options: { live: boolean; follows: boolean; last: boolean; chosen: string | null }): void {
    const { message, draft } = entry;
    const { t, language, config } = this.chat;
    const now = JSON.stringify([language, stringsFor(message?.language ?? language).source, config.city, message, draft?.state, draft?.problem, options]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    const author = message?.author ?? "contact";
    const at = message?.created_at ?? draft?.created_at ?? "";
    this.root.className = `message ${author}${options.follows ? " follows" : ""}`;
    write(this.#name, message === null ? t.you : authorName(message, this.chat));
    set(this.#time, "datetime", at);
    write(this.#time, clock(at, language));
    // What language a citizen wrote in is a guess; in a language that the city does not speak there is none.
    const spoken = author === "contact" && this.chat.foreign ? null : (message?.language ?? null);
    this.#body(message?.text ?? draft?.text ?? "", spoken, author === "contact");
    const photos = message?.attachments ?? (draft?.body.media ?? []).map((id) => ({ id, alt: null }));
    this.#media(photos, author === "contact");
    this.#sourceLine(message?.source ?? null, message?.language ?? language);
    this.#buttons(entry, options.live, options.chosen);
    this.#status(entry, options.last);
    const place = message?.location ?? draft?.place ?? null;
    const parts: Element[] = [this.#head];
    const bubble: Element[] = [...this.#pictures];
    if (this.#text.childNodes.length > 0) bubble.push(this.#text, this.#more);
    if (place !== null) bubble.push(this.#place(place));
    if (this.#source.childNodes.length > 0) bubble.push(this.#source);
    parts.push(this.#box(bubble));
    if (this.#choices.childElementCount > 0) parts.push(this.#choices);
    if (this.#foot.childNodes.length > 0) parts.push(this.#foot);
    arrange(this.root, parts);
  }

  readonly #frame = el("div", { class: "bubble" });
  #box(parts: readonly Element[]): Element {
    arrange(this.#frame, parts);
    return this.#frame;
  }

  #body(text: string, language: string | null, ours: boolean): void {
    set(this.#text, "lang", language);
    const key = `${this.chat.language} ${text}`;
    if (this.#shown === key) return;
    this.#shown = key;
    const at = ours ? text.length : foldAt(text);
    const { t } = this.chat;
    this.#text.replaceChildren(...nodes(text.slice(0, at), t, ours));
    this.#more.hidden = at === text.length;
    if (this.#more.hidden) return;
    const rest = el("span", { hidden: true }, ...nodes(text.slice(at), t, ours));
    this.#text.append(rest);
    write(this.#more, t.more);
    set(this.#more, "aria-expanded", "false");
    this.#more.onclick = () => {
      rest.hidden = !rest.hidden;
      write(this.#more, rest.hidden ? t.more : t.less);
      set(this.#more, "aria-expanded", String(!rest.hidden));
    };
  }

  #media(photos: readonly { readonly id: string; readonly alt?: string | null; readonly content_type?: string }[], ours: boolean): void {
    const { t } = this.chat;
    for (const { id, content_type } of photos.slice(this.#pictures.length)) {
      const root = el("div", { class: "picture", role: "img" });
      this.#pictures.push(root);
      more().then(({ showPicture }) => showPicture(this.chat, root, id, content_type), () => write(root, t.photo_gone));
    }
    this.#pictures.forEach((root, index) => {
      set(root, "aria-label", photos[index]?.alt || (ours ? t.photo_yours : t.photo_theirs));
    });
  }

  readonly #placeLine = el("p", { class: "place" }, icon("place"), this.#placeLabel);
  #place(place: Place): Element {
    const label = place.label ?? this.chat.t.place_yours;
    write(this.#placeLabel, `${label} (${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)})`);
    return this.#placeLine;
  }

  /** In the answer's own language, which may differ from the page's. */
  #sourceLine(source: Source | null, language: string): void {
    if (source === null) return;
    const t = stringsFor(language);
    set(this.#source, "lang", language);
    const address = source.url === null ? null : safeAddress(source.url);
    const name = address === null ? source.title : outside(address, source.title, t.new_tab);
    const parts: (Node | string)[] = [`${t.source} `, name, ". "];
    if (source.reviewed_on !== null) parts.push(`${fill(t.reviewed, { date: calendarDay(source.reviewed_on, language) })}.`);
    if (source.stale) parts.push(el("strong", { class: "stale" }, t.stale));
    const made = el("p", {}, ...parts);
    if (made.textContent !== this.#source.textContent) this.#source.replaceChildren(...made.childNodes);
  }

  #buttons(entry: Entry, live: boolean, chosen: string | null): void {
    const offered = entry.message?.buttons ?? [];
    while (this.#choices.childElementCount < offered.length) {
      const choice = offered[this.#choices.childElementCount]!;
      const button = el("button", { type: "button", dir: "auto" });
      button.addEventListener("click", () => button.ariaDisabled !== "true" && this.pressed(choice));
      this.#choices.append(el("li", {}, button));
    }
    [...this.#choices.querySelectorAll("button")].forEach((button, index) => {
      const title = offered[index]?.title ?? "";
      const taken = !live && chosen === title;
      write(button, title);
      if (taken) button.append(el("span", { class: "hidden" }, ` (${this.chat.t.chosen})`));
      // Never `disabled`: the button that was just pressed would lose the focus.
      set(button, "aria-disabled", live ? null : "true");
      set(button, "tabindex", live ? null : "-1");
      button.classList.toggle("taken", taken);
    });
  }

  #status({ message, draft }: Entry, last: boolean): void {
    const { t } = this.chat;
    this.#foot.classList.toggle("problem", draft?.state === "refused");
    if (draft === null) {
      const text = message?.author === "contact" && last ? t.sent : message?.corrected ? t[message.corrected] : "";
      if (text === "") this.#foot.replaceChildren();
      else write(this.#foot, text);
      return;
    }
    if (draft.state !== "refused") {
      write(this.#foot, draft.state === "sent" ? t.sent : draft.state === "retrying" ? t.retrying : t.sending);
      return;
    }
    if (this.#foot.querySelector("button") !== null) return;
    const again = el("button", { type: "button", class: "plain" }, t.again);
    const discard = el("button", { type: "button", class: "plain" }, t.discard);
    again.addEventListener("click", () => this.chat.outbox.again(draft.client_id));
    discard.addEventListener("click", () => this.chat.outbox.discard(draft.client_id));
    this.#foot.replaceChildren(`${t.refused} ${draft.problem} `, again, " ", discard);
  }
}

/** A long answer shows its first part; the rest is one press away. Only where a line or a sentence ends. */
function foldAt(text: string): number {
  if (text.length < LONG) return text.length;
  const part = text.slice(0, FIRST_PART);
  const end = Math.max(part.lastIndexOf("\n"), part.lastIndexOf(". ") + 1, part.lastIndexOf("。") + 1, part.lastIndexOf("؟") + 1);
  return end < FIRST_PART / 3 ? text.length : end;
}

function nodes(text: string, t: Strings, ours: boolean): (Node | string)[] {
  const all = pieces(text);
  const copied = !ours && !text.includes(EXAMPLE);
  const stop = (index: number) => (all[index]?.reference ? (/^[.,;:]/.exec(all[index + 1]?.text ?? "")?.[0] ?? "") : ""); // belongs to the number, not behind its button
  return all.flatMap(({ text: piece, href, reference }, index): (Node | string)[] => {
    if (reference) return [el("span", { class: "reference" }, piece), stop(index), ...(copied ? [copier(piece, t)] : [])];
    if (href === null) return [piece.slice(stop(index - 1).length)];
    return [/^https?:/.test(href) ? outside(href, piece, t.new_tab) : el("a", { href }, piece)];
  });
}

/** Its label contains the number, because one message may have several. */
function copier(reference: string, t: Strings): Node {
  if (!isSecureContext || navigator.clipboard === undefined) return document.createTextNode("");
  const button = el("button", { type: "button", class: "plain copy", "aria-label": fill(t.copy_number, { number: reference }) }, t.copy);
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(reference).then(() => {
      write(button, t.copied);
      set(button, "aria-label", t.copied);
    }).catch(() => undefined);
  });
  return button;
}

function outside(href: string, text: string, note: string): HTMLElement {
  const attributes = { href, target: "_blank", rel: "noopener noreferrer" };
  return el("a", attributes, text, el("span", { class: "hidden" }, ` ${note}`));
}
