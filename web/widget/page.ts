/** A page needs only one script tag: without an element of its own it gets one, also after a script has replaced its body. */
export function addOne(tag: string): void {
  let ours: Element | null = null;
  const add = (): void => {
    if (document.querySelector(tag) !== null) return;
    ours ??= document.createElement(tag);
    document.body.append(ours); // the same one again: it keeps its panel
    watcher.observe(document.body, { childList: true });
  };
  const watcher = new MutationObserver(add);
  const begin = (): void => {
    add();
    if (ours !== null) watcher.observe(document.documentElement, { childList: true });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
}

/** The page is drawn first, also where this script comes from the browser's cache. A page in the background is not drawn. */
export function afterFirstPaint(begin: () => void): void {
  if (document.hidden || performance.getEntriesByType("paint").length > 0) begin();
  else requestAnimationFrame(() => setTimeout(begin));
}
