import type { Chat } from "../chat";
import { draw } from "../drawing";
import { el, set, write } from "./dom";

const LONGEST_SIDE = 640; // px, twice its largest width on screen

/** A photo of the conversation, fetched with the citizen's token and drawn on a canvas. */
export class Picture {
  readonly #canvas = el("canvas", { role: "img" });
  readonly #note = el("p", { class: "note", hidden: true });
  readonly root = el("div", { class: "picture" }, this.#canvas, this.#note);

  constructor(
    private readonly chat: Chat,
    id: string,
  ) {
    void this.#load(id);
  }

  label(text: string): void {
    set(this.#canvas, "aria-label", text);
  }

  async #load(id: string): Promise<void> {
    try {
      const bitmap = await createImageBitmap(await this.chat.api.media(id));
      draw(bitmap, this.#canvas, LONGEST_SIDE);
      bitmap.close();
    } catch {
      this.#canvas.hidden = true;
      this.#note.hidden = false;
      write(this.#note, this.chat.t.photo_gone);
    }
  }
}
