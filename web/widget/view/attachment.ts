import type { Chat } from "../chat";
import { Refused } from "../api";
import { fill } from "../i18n";
import { PhotoProblem, draw, shrink } from "../photo";
import { el, icon, set, write } from "./dom";

const PREVIEW_SIDE = 160; // px

export interface AttachmentListener {
  /** The sentence for what went wrong, or "" if there is no error any more. */
  problem(sentence: string): void;
  said(sentence: string): void;
}

/** The photo of the message that is being written: chosen, resized, uploaded, ready. */
export class Attachment {
  readonly root = el("div", { class: "attachment", hidden: true });
  readonly button = el("button", { type: "button", class: "tool" });
  readonly input = el("input", { type: "file", accept: "image/*", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
  readonly #label = el("span");
  readonly #canvas = el("canvas", { "aria-hidden": "true" });
  readonly #note = el("p", { class: "note", id: "cd-photo-note" });
  readonly #bar = el("progress", { max: "100", "aria-labelledby": "cd-photo-note" });
  readonly #remove = el("button", { type: "button", class: "round" }, icon("close"));
  #upload: AbortController | null = null;
  media: string | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly listener: AttachmentListener,
  ) {
    this.button.append(icon("photo"), this.#label);
    this.root.append(this.#canvas, el("div", { class: "grow" }, this.#note, this.#bar), this.#remove);
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      const file = this.input.files?.[0];
      this.input.value = ""; // the same photo may be chosen again
      if (file !== undefined) void this.take(file);
    });
    this.#remove.addEventListener("click", () => {
      this.clear();
      this.listener.said(this.chat.t.photo_removed);
      this.button.focus();
    });
  }

  get busy(): boolean {
    return this.#upload !== null;
  }

  update(): void {
    const { t } = this.chat;
    write(this.#label, t.photo);
    set(this.button, "aria-label", t.photo_full);
    set(this.#remove, "aria-label", t.photo_remove);
    if (this.media !== null) write(this.#note, t.photo_ready);
  }

  clear(): void {
    this.#upload?.abort();
    this.#upload = null;
    this.media = null;
    this.root.hidden = true;
  }

  /** From the file chooser, or pasted into the message. */
  async take(file: Blob): Promise<void> {
    const { t } = this.chat;
    this.clear();
    this.listener.problem("");
    const upload = (this.#upload = new AbortController());
    this.#progress(t.photo_preparing, null);
    this.listener.said(t.photo_preparing);
    try {
      const photo = await shrink(file, this.chat.config.limits.photo_bytes);
      if (upload.signal.aborted) return;
      const preview = await createImageBitmap(photo);
      draw(preview, this.#canvas, PREVIEW_SIDE);
      preview.close();
      const media = await this.#send(photo, upload.signal);
      if (upload.signal.aborted) return;
      this.media = media;
      this.#upload = null;
      this.#bar.hidden = true;
      write(this.#note, t.photo_ready);
      this.listener.said(t.photo_ready);
    } catch (error) {
      if (upload.signal.aborted) return;
      this.clear();
      this.listener.problem(this.#sentence(error));
    }
  }

  /** Retries with a new session if the old one has expired meanwhile. */
  async #send(photo: Blob, signal: AbortSignal): Promise<string> {
    const progress = (share: number) => this.#progress(this.chat.t.photo_uploading, share);
    await this.chat.session.ensure();
    try {
      return await this.chat.api.upload(photo, progress, signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      this.chat.session.drop();
      await this.chat.session.ensure();
      return this.chat.api.upload(photo, progress, signal);
    }
  }

  #progress(text: string, share: number | null): void {
    this.root.hidden = false;
    this.#bar.hidden = false;
    this.#canvas.hidden = share === null;
    write(this.#note, text);
    if (share === null) this.#bar.removeAttribute("value");
    else this.#bar.value = Math.round(share * 100);
  }

  #sentence(error: unknown): string {
    const { t, config } = this.chat;
    const large = fill(t.photo_large, { n: Math.floor(config.limits.photo_bytes / 1024 / 1024) });
    if (error instanceof PhotoProblem) return error.fault === "type" ? t.photo_type : large;
    const code = error instanceof Refused ? error.code : "";
    if (code === "photo_busy") return t.photo_busy;
    if (code === "photo_quota") return t.photo_quota;
    if (code === "photo_too_many_pixels") return t.photo_pixels;
    if (error instanceof Refused && error.status === 415) return t.photo_type;
    if (error instanceof Refused && error.status === 413) return large;
    return t.photo_failed;
  }
}
