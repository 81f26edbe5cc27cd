import type { Chat } from "../chat";
import { el, set } from "../view/dom";
import { draw, save } from "./drawing";

const LONGEST_SIDE = 640; // px, twice its largest width on screen

const PDF = "application/pdf";

/** A photo of the conversation, fetched with the citizen's token and drawn on a canvas in `root`. A PDF is a download, never shown. */
export async function showPicture(chat: Chat, root: Element, id: string, kind: string | undefined): Promise<void> {
  try {
    if (kind === PDF) return offer(chat, root, () => chat.api.media(id));
    const file = await chat.api.media(id);
    if (file.type === PDF) return offer(chat, root, async () => file);
    const bitmap = await createImageBitmap(file);
    const canvas = el("canvas");
    draw(bitmap, canvas, LONGEST_SIDE);
    bitmap.close();
    root.replaceChildren(canvas);
  } catch {
    gone(chat, root);
  }
}

function offer(chat: Chat, root: Element, read: () => Promise<Blob>): void {
  const button = el("button", { type: "button", class: "plain" }, chat.t.document);
  set(root, "role", null);
  root.replaceChildren(button);
  button.addEventListener("click", () => {
    read().then((file) => save(file, "document.pdf"), () => gone(chat, root));
  });
}

function gone(chat: Chat, root: Element): void {
  set(root, "role", null);
  root.replaceChildren(el("p", { class: "note" }, chat.t.photo_gone));
}
