// The Undo for a resolve disappears once the citizen has been notified.

/** Count down every offer of this page. */
export function countDown(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-undo]")) {
    const end = Date.now() + Number(form.dataset["undo"]) * 1_000;
    const line = form.querySelector("span");
    const tick = setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1_000);
      if (line) line.textContent = `for ${left} seconds`;
      if (left > 0) return;
      clearInterval(tick);
      const focused = form.contains(document.activeElement);
      form.remove();
      if (focused) document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }, 1_000);
  }
}
