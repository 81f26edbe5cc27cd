type Attributes = Readonly<Record<string, string | true>>;

/** An element with attributes and children. Text stays text; markup cannot be inserted. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
}

/** Write text only when it differs, so that nothing is redrawn or announced again without need. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function set(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Make `wanted` the children of `parent`, in order, moving as few nodes as possible: a moved node loses its focus. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  let at: Element | null = parent.firstElementChild;
  for (const node of wanted) {
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
}

const PATHS = {
  chat: "M4 5h16v11H9.5L5 20v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  photo: "M4 8h3.5l1.5-2.5h6L16.5 8H20v11H4z M12 10.2a3.2 3.2 0 1 0 .01 0z",
  place: "M12 21s-6.5-5.9-6.5-11a6.5 6.5 0 0 1 13 0c0 5.1-6.5 11-6.5 11z M12 7.7a2.3 2.3 0 1 0 .01 0z",
  send: "M4 12h15M13 6l6 6-6 6",
  person: "M12 4a3.8 3.8 0 1 0 .01 0z M4.5 20c.6-4 3.7-6 7.5-6s6.9 2 7.5 6",
  globe: "M12 3.5a8.5 8.5 0 1 0 .01 0zM3.8 9.5h16.4M3.8 14.5h16.4M12 3.5c-5 5-5 12 0 17c5-5 5-12 0-17",
  down: "M12 5v14M6 13l6 6 6-6",
} as const;

export type IconName = keyof typeof PATHS;

/** Icons repeat a visible or hidden label, so they are hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.append(path);
  return svg;
}

/** Style sheets built in script pass a Content-Security-Policy without 'unsafe-inline'; style elements do not. */
export function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
