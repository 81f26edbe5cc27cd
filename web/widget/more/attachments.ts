import type { Chat } from "../chat";
import { el } from "../view/dom";
import { Attachment } from "./attachment";

const MOST = 5; // photos in one message, as the gateway takes them

/** The photos of the message that is being written. They never hold back its words. */
export class Attachments {
  readonly root = el("div", { class: "attachments" });
  #photos: Attachment[] = [];
  #due = false; // Send was pressed while one was still being uploaded

  constructor(
    private readonly chat: Chat,
    private readonly button: HTMLElement,
    private readonly listener: { problem(sentence: string): void; said(sentence: string): void },
  ) {}

  get busy(): boolean {
    return this.#photos.some((photo) => photo.busy);
  }

  get none(): boolean {
    return this.#photos.length === 0;
  }

  update(): void {
    for (const photo of this.#photos) photo.update();
  }

  /** From the file chooser, or pasted into the message. */
  add(files: readonly Blob[]): void {
    const room = MOST - this.#photos.length;
    for (const file of files.slice(0, room)) {
      const photo = new Attachment(this.chat, { ...this.listener, settled: () => this.#settled() });
      this.#photos.push(photo);
      this.root.append(photo.root);
      photo.update();
      void photo.take(file);
    }
    if (files.length > room) this.listener.problem(this.chat.plural("photo_most", MOST));
  }

  /** The uploaded ones, which now belong to the message. If one is not uploaded, all follow in a separate message. */
  hand(): readonly string[] {
    if (this.busy) {
      this.#due = true;
      this.listener.said(this.chat.t.photo_follows);
      return [];
    }
    const media = this.#photos.flatMap((photo) => photo.media ?? []);
    this.clear();
    return media;
  }

  clear(): void {
    for (const photo of this.#photos) photo.drop();
    this.#photos = [];
    this.#due = false;
  }

  #settled(): void {
    const inside = this.root.contains((this.root.getRootNode() as ShadowRoot).activeElement);
    this.#photos = this.#photos.filter((photo) => !photo.gone);
    if (this.none && inside) this.button.focus();
    if (this.busy || !this.#due) return;
    const media = this.hand();
    if (media.length > 0) this.chat.send("", media);
  }
}
