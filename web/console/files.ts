// Loads a file's text into a field, where people see it before they save. Without this file they paste it.

const LARGEST = 5_000_000; // bytes

/** Show a file chooser next to each field that supports one. */
export function takeFiles(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-from-file]")) {
    const chosen = place.querySelector<HTMLInputElement>("input[data-into]");
    const field = document.getElementById(chosen?.dataset["into"] ?? "");
    if (!chosen || !(field instanceof HTMLTextAreaElement)) continue;
    place.hidden = false;
    chosen.addEventListener("change", () => void take(chosen, field));
  }
}

async function take(chosen: HTMLInputElement, field: HTMLTextAreaElement): Promise<void> {
  const file = chosen.files?.[0];
  if (!file || file.size > LARGEST) return;
  field.value = (await file.text()).slice(0, field.maxLength);
  field.focus();
}
