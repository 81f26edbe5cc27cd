// The acts of a conversation that open below their button: Escape closes them, and so does a click elsewhere.

const OPEN = ".actions details.transfer[open]";

/** Listen on the whole page: the head of a conversation is renewed while it is open. */
export function closeMenus(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(event.target instanceof Element)) return;
    const menu = event.target.closest<HTMLDetailsElement>(OPEN);
    if (!menu) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
}
