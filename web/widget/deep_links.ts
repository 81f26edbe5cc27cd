const LINK = /^#civicdesk(?:=(.*))?$/s;
const LONGEST = 400; // characters

/** The text of `#civicdesk=A%20question` in the page's address; "" for `#civicdesk`; null: there is no such link. */
export function deepLink(hash = location.hash): string | null {
  const found = LINK.exec(hash);
  if (found === null) return null;
  try {
    return decodeURIComponent((found[1] ?? "").replaceAll("+", " ")).slice(0, LONGEST);
  } catch {
    return "";
  }
}

/** Calls `opened` when a link on the page leads to the chat. Returns what ends this. */
export function onDeepLink(opened: (text: string) => void): () => void {
  const listen = (): void => {
    const text = deepLink();
    if (text !== null) opened(text);
  };
  // A second press on the same link changes no address.
  const pressed = (event: MouseEvent): void => {
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement);
    if (link !== undefined && link.hash === location.hash && deepLink(link.hash) !== null) listen();
  };
  addEventListener("hashchange", listen);
  document.addEventListener("click", pressed);
  return () => {
    removeEventListener("hashchange", listen);
    document.removeEventListener("click", pressed);
  };
}
