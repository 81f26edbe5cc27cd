// A photo can be pasted or dropped into the reply; it is shown before it is sent.

const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** Listen on the whole page, so that a replaced reply box works too. */
export function takePhotos(): void {
  document.addEventListener("paste", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement) || box.id !== "text") return;
    if (put(event.clipboardData?.files)) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    if (over(event) && [...(event.dataTransfer?.items ?? [])].some((one) => one.kind === "file")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!over(event)) return;
    if (put(event.dataTransfer?.files) || (event.dataTransfer?.files.length ?? 0) > 0) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.id === "photo") showChosen(event.target);
  });
}

/** Show which photo is in the reply, or none after sending. */
export function showChosen(input: HTMLInputElement): void {
  const line = document.querySelector<HTMLElement>("[data-photo]");
  const photo = input.files?.[0];
  if (!line) return;
  line.hidden = !photo;
  line.textContent = photo ? `With a photo: ${photo.name}` : "";
}

function over(event: DragEvent): boolean {
  return event.target instanceof Element && event.target.closest("[data-reply], [data-thread]") !== null;
}

function put(files: FileList | undefined): boolean {
  const photo = [...(files ?? [])].find((one) => KINDS.includes(one.type));
  const input = document.querySelector<HTMLInputElement>("#photo");
  if (!photo || !input) return false;
  const carrier = new DataTransfer();
  carrier.items.add(photo);
  input.files = carrier.files;
  showChosen(input);
  return true;
}
