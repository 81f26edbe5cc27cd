export type Piece = { readonly text: string; readonly href: string | null };

// The signs of other scripts that end a sentence or enclose it are in no address.
const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^«»“”‘’（）「」『』【】。、，；！？…]+/gi;
const TRAILING = ".,;:!?";
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Split text into plain pieces and web addresses. Only http and https become links. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    const href = safeAddress(address);
    if (href === null) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

/** The address without the punctuation of the sentence around it. A closing bracket that was opened in the address belongs to it:
 * "https://www.lindenport.example/trees_(oak)". */
function withoutTrailing(found: string): string {
  const open: Record<string, number> = { "(": 0, "[": 0 };
  for (const sign of found) {
    if (sign in open) open[sign] = (open[sign] ?? 0) + 1;
    else if (BRACKETS[sign] !== undefined) open[BRACKETS[sign]] = (open[BRACKETS[sign]] ?? 0) - 1;
  }
  let end = found.length;
  for (; end > 0; end--) {
    const sign = found.charAt(end - 1);
    const opening = BRACKETS[sign];
    if (opening === undefined) {
      if (!TRAILING.includes(sign)) break;
    } else {
      // Below zero: more were closed than opened, so the last belongs to the text.
      if ((open[opening] ?? 0) >= 0) break;
      open[opening] = (open[opening] ?? 0) + 1;
    }
  }
  return found.slice(0, end);
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
