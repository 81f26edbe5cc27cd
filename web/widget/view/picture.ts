import type { Chat } from "../chat";
import { draw, save } from "../drawing";
import { el, set, write } from "./dom";

const LONGEST_SIDE = 640; // px, twice its largest width on screen

const PDF = "application/pdf";

/** A photo of the conversation, fetched with the citizen's token and drawn on a canvas. A PDF is a download, never shown. */
export class Picture {
  readonly #canvas = el("canvas", { role: "img" });
  readonly #note = el("p", { class: "note", hidden: true });
  readonly root = el("div", { class: "picture" }, this.#canvas, this.#note);

  constructor(
    private readonly chat: Chat,
    id: string,
    kind: string | undefined,
  ) {
    if (kind === PDF) this.#document(() => this.chat.api.media(id));
    else void this.#load(id);
  }

  label(text: string): void {
    set(this.#canvas, "aria-label", text);
  }

  async #load(id: string): Promise<void> {
    try {
      const file = await this.chat.api.media(id);
      if (file.type === PDF) return this.#document(async () => file);
      const bitmap = await createImageBitmap(file);
      draw(bitmap, this.#canvas, LONGEST_SIDE);
      bitmap.close();
    } catch {
      this.#gone();
    }
  }

  #document(read: () => Promise<Blob>): void {
    const button = el("button", { type: "button", class: "plain" }, this.chat.t.document);
    this.#canvas.replaceWith(button);
    button.addEventListener("click", () => {
      read().then((file) => save(file, "document.pdf"), () => this.#gone());
    });
  }

  #gone(): void {
    this.#canvas.hidden = true;
    this.#note.hidden = false;
    write(this.#note, this.chat.t.photo_gone);
  }
}
