import { el, set } from "./dom";

/** A button and what it shows. Escape closes it, and the focus goes back to the button. */
export class Disclosure {
  readonly toggle: HTMLButtonElement;
  readonly root: HTMLElement;

  constructor(name: string, toggle: Node) {
    const id = `cd-${name}`;
    this.toggle = el("button", { type: "button", class: `round ${name}-toggle`, "aria-expanded": "false", "aria-controls": id }, toggle);
    this.root = el("div", { class: "options", id, hidden: true });
    this.toggle.addEventListener("click", () => this.show(this.root.hidden === true));
  }

  show(open: boolean): void {
    const inside = this.root.contains((this.root.getRootNode() as ShadowRoot).activeElement);
    this.root.hidden = !open;
    set(this.toggle, "aria-expanded", String(open));
    if (open) this.opened();
    else if (inside) this.toggle.focus();
  }

  protected opened(): void {
    // Does nothing, except if the content is loaded on opening.
  }

  /** True if there was something to close: Escape closes this before it closes the chat. */
  escape(): boolean {
    if (this.root.hidden) return false;
    this.show(false);
    return true;
  }
}
