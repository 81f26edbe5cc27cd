export type Piece = { readonly text: string; readonly href: string | null };

const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^]+/gi;
const TRAILING = /[.,;:!?)\]»”’]+$/;

/** Cut text into plain pieces and web addresses. Only http and https ever become a link. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    const href = safeAddress(address);
    if (href === null) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

export function safeAddress(address: string): string | null {
  try {
    const url = new URL(address);
    const web = url.protocol === "https:" || url.protocol === "http:";
    // "https://city.gov@evil.example" shows one host and opens another.
    return web && url.username === "" && url.password === "" ? url.href : null;
  } catch {
    return null;
  }
}
