/**
 * On a phone the keyboard covers the page without making it smaller: the panel takes the part that is left, so that the
 * text field stays in sight. A sheet of our own, because a style attribute would need a weaker Content-Security-Policy.
 */
export function followKeyboard(root: ShadowRoot): void {
  const view = window.visualViewport;
  if (view === null) return;
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const fit = (): void => {
    const covered = view.scale === 1 && innerHeight - view.height > 80; // px; less is the browser's own bar
    sheet.replaceSync(covered
      ? `@media (max-width: 480px) { .panel { inset-block: ${view.offsetTop}px auto !important; block-size: ${view.height}px } }`
      : "");
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
}
