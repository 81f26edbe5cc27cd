import type { Chat } from "../chat";
import { draw } from "./drawing";
import { fill } from "../language";
import { uuid } from "../uuid";
import { el, icon, set, write } from "../view/dom";
import { PhotoProblem, shrink } from "./shrink";
import { upload } from "./upload";

const PREVIEW_SIDE = 160; // px

export interface AttachmentListener {
  /** The sentence for what went wrong, or "" if there is no error any more. */
  problem(sentence: string): void;
  said(sentence: string): void;
  /** It was uploaded, failed, or was removed. */
  settled(): void;
}

/** One photo of the message that is being written: chosen, resized, uploaded, ready. Or a PDF, which is sent as it is. */
export class Attachment {
  readonly #canvas = el("canvas", { "aria-hidden": "true" });
  readonly #note = el("p", { class: "note" });
  readonly #bar = el("progress", { max: "100" });
  readonly #remove = el("button", { type: "button", class: "round" }, icon("close"));
  readonly root = el("div", { class: "attachment" }, this.#canvas, el("div", { class: "grow" }, this.#note, this.#bar), this.#remove);
  readonly #upload = new AbortController();
  media: string | null = null;
  gone = false;
  #pdf = false;

  constructor(
    private readonly chat: Chat,
    private readonly listener: AttachmentListener,
  ) {
    this.#remove.addEventListener("click", () => {
      this.gone = true;
      listener.said(this.#pdf ? chat.t.pdf_removed : chat.t.photo_removed);
      listener.settled(); // moves the focus, which must not be lost with the button
      this.drop();
    });
  }

  get busy(): boolean {
    return this.media === null && !this.gone;
  }

  update(): void {
    const { t } = this.chat;
    set(this.#remove, "aria-label", this.#pdf ? t.pdf_remove : t.photo_remove);
    if (this.media !== null) write(this.#note, this.#pdf ? t.pdf_ready : t.photo_ready);
  }

  drop(): void {
    this.gone = true;
    this.#upload.abort();
    this.root.remove();
  }

  async take(file: Blob): Promise<void> {
    const { t } = this.chat;
    const { signal } = this.#upload;
    this.#pdf = file.type === "application/pdf";
    this.update();
    this.listener.problem("");
    this.#progress(this.#pdf ? t.pdf_uploading : t.photo_preparing, null);
    this.listener.said(this.#pdf ? t.pdf_uploading : t.photo_preparing);
    try {
      const photo = await this.#prepared(file);
      if (signal.aborted) return;
      const media = await this.#send(photo, signal);
      if (signal.aborted) return;
      this.media = media;
      this.#bar.hidden = true;
      this.update();
      this.listener.said(this.#pdf ? t.pdf_ready : t.photo_ready);
    } catch (error) {
      if (signal.aborted) return;
      this.drop();
      this.listener.problem(this.#sentence(error));
    }
    this.listener.settled();
  }

  async #prepared(file: Blob): Promise<Blob> {
    const limit = this.chat.config.limits.photo_bytes;
    if (this.#pdf) {
      if (file.size > limit) throw new PhotoProblem("large");
      return file;
    }
    const photo = await shrink(file, limit);
    const preview = await createImageBitmap(photo);
    draw(preview, this.#canvas, PREVIEW_SIDE);
    preview.close();
    return photo;
  }

  #send(photo: Blob, signal: AbortSignal): Promise<string> {
    const { chat } = this;
    const { session } = chat;
    const ways = { base: chat.base, token: () => session.current, online: chat.online, ensure: () => session.ensure(), drop: () => session.drop() };
    return upload(ways, uuid(), photo, (share) => this.#progress(this.#pdf ? chat.t.pdf_uploading : chat.t.photo_uploading, share), signal);
  }

  #progress(text: string, share: number | null): void {
    this.#bar.hidden = false;
    this.#canvas.hidden = share === null || this.#pdf;
    write(this.#note, text);
    set(this.#bar, "aria-label", text);
    if (share === null) this.#bar.removeAttribute("value");
    else this.#bar.value = Math.round(share * 100);
  }

  #sentence(error: unknown): string {
    const { t, config } = this.chat;
    const large = fill(this.#pdf ? t.pdf_large : t.photo_large, { n: Math.floor(config.limits.photo_bytes / 1024 / 1024) });
    if (error instanceof PhotoProblem) return error.fault === "type" ? t.photo_type : large;
    const { status, code } = answerOf(error);
    if (code === "document_damaged") return t.pdf_damaged;
    if (code === "photo_busy") return t.photo_busy;
    if (code === "photo_quota") return t.photo_quota;
    if (code === "photo_too_many_pixels") return t.photo_pixels;
    if (status === 415) return t.photo_type;
    if (status === 413) return large;
    return t.photo_failed;
  }
}

/** Errors from the first script are not instances of this one's classes. Without a response, the status is 0. */
function answerOf(error: unknown): { status: number; code: string } {
  const { status = 0, code = "" } = error as { status?: number; code?: string };
  return { status, code };
}
