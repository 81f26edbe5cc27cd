// Action menus of a conversation that open below their button: Escape or a click elsewhere closes them.

const OPEN = ".actions details.transfer[open]";

/** Listen on the whole page, because the header of a conversation is replaced while it is open. */
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
