import type { Chat } from "../chat";
import type { Place } from "../contract";
import { fill } from "../language";
import { el, icon, set, write } from "../view/dom";
import { PlaceMap } from "./map";
import { whereAmI } from "./place";

const REST = 250; // ms without a key before addresses are looked up

interface Found {
  readonly label: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

interface Ways {
  readonly say: (text: string) => void;
  /** Called on close: the focus returns. `problem`: a sentence, or "". */
  readonly closed: (problem: string) => void;
}

/** A place: an address by its first letters, or else the device's position. An address is shown before it is sent. */
export class Where {
  readonly #label = el("label", { for: "cd-where" });
  readonly #field = el("input", { id: "cd-where", type: "text", autocomplete: "street-address", "aria-describedby": "cd-where-note", maxlength: "100" });
  readonly #found = el("ul", { class: "choices" });
  readonly #note = el("p", { id: "cd-where-note" });
  readonly #map: PlaceMap;
  readonly #sure = el("div", { class: "row", hidden: true });
  readonly #send = el("button", { type: "button", class: "send" });
  readonly #other = el("button", { type: "button", class: "quiet" });
  readonly #position = el("button", { type: "button", class: "tool" });
  readonly #positionLabel = el("span");
  readonly #cancel = el("button", { type: "button", class: "tool" });
  readonly root = el("div", { class: "where", role: "group", hidden: true });
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #address = "";

  constructor(
    private readonly chat: Chat,
    private readonly ways: Ways,
  ) {
    this.#map = new PlaceMap(chat);
    this.root.append(this.#label, this.#field, this.#found, this.#note, this.#map.root, this.#sure, el("div", { class: "row" }, this.#position, this.#cancel));
    this.#position.append(icon("place"), this.#positionLabel);
    this.#sure.append(this.#send, this.#other);
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => void this.#search(), REST);
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // not the message's own form
      void this.#search();
    });
    this.#send.addEventListener("click", () => {
      chat.send(this.#address);
      this.close();
    });
    this.#other.addEventListener("click", () => {
      this.#choose("");
      this.#field.focus();
    });
    this.#position.addEventListener("click", () => void this.#locate());
    this.#cancel.addEventListener("click", () => this.close());
  }

  open(): void {
    this.#field.value = "";
    this.#found.replaceChildren();
    this.#choose("");
    this.root.hidden = false;
    this.update();
    this.#field.focus();
  }

  /** True if it was open. */
  close(problem = ""): boolean {
    if (this.root.hidden) return false;
    this.root.hidden = true;
    this.ways.closed(problem);
    return true;
  }

  update(): void {
    const { t } = this.chat;
    set(this.root, "aria-label", t.place);
    write(this.#label, t.where);
    write(this.#positionLabel, t.where_position);
    write(this.#cancel, t.where_cancel);
    write(this.#send, t.where_send);
    write(this.#other, t.where_again);
  }

  async #search(): Promise<void> {
    const asked = ++this.#asked;
    const text = this.#field.value.trim();
    if (text.length < 2) return this.#show([], "");
    const { t } = this.chat;
    try {
      const answer = await fetch(`${this.chat.base}/addresses?q=${encodeURIComponent(text)}`, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!answer.ok) throw answer;
      const { addresses } = (await answer.json()) as { addresses: readonly Found[] };
      if (asked !== this.#asked) return; // an older answer
      this.#show(addresses, addresses.length === 0 ? t.where_none : "");
    } catch {
      if (asked === this.#asked) this.#show([], t.where_none);
    }
  }

  #show(addresses: readonly Found[], note: string): void {
    this.#choose("");
    write(this.#note, note);
    this.#found.replaceChildren(
      ...addresses.map(({ label, latitude, longitude }) => {
        const button = el("button", { type: "button", dir: "auto" }, label);
        button.addEventListener("click", () => (latitude === null || longitude === null ? this.#number(label) : this.#choose(label, { latitude, longitude })));
        return el("li", {}, button);
      }),
    );
    this.ways.say(note || (addresses.length > 0 ? fill(this.chat.t.choices, { list: addresses.map(({ label }) => label).join(", ") }) : ""));
  }

  /** A street without a number. */
  #number(street: string): void {
    this.#field.value = `${street} `;
    this.#found.replaceChildren();
    write(this.#note, this.chat.t.where_number);
    this.ways.say(this.chat.t.where_number);
    this.#sure.hidden = false; // the number may not exist
    this.#address = street;
    this.#field.focus();
  }

  #choose(label: string, at: Place | null = null): void {
    this.#address = label;
    this.#sure.hidden = label === "";
    write(this.#note, label === "" ? "" : fill(this.chat.t.where_sure, { address: label }));
    this.#map.show(at, label);
    if (label === "") return;
    this.#found.replaceChildren();
    this.ways.say(this.#note.textContent ?? "");
    this.#send.focus();
  }

  async #locate(): Promise<void> {
    const { t } = this.chat;
    this.ways.say(t.place_looking);
    write(this.#note, t.place_looking);
    try {
      this.chat.locate(await whereAmI());
      this.close();
    } catch (refused) {
      this.close(refused === true ? t.place_refused : t.place_failed);
    }
  }
}
