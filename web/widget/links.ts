export interface Piece {
  readonly text: string;
  readonly href: string | null;
  /** A number to keep, such as SR-4KQ2-01AB. */
  readonly reference?: true;
}

// Sentence-ending and enclosing punctuation of other scripts is not part of a URL.
const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^«»“”‘’（）「」『』【】。、，；！？…]+/gi;
const MAIL = /(?<![\w.+\-@/:])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/g;
const PHONE = /(?<![\w+-])(?:\+\d[\d \-]{6,16}\d|(?:\d{1,3}[- ])?(?:\(\d{3}\) ?|\d{3}[- ])?\d{3}-\d{4})(?![\w-])/g;
// A digit is required somewhere, or words in capitals would count as numbers; any group may contain it.
const REFERENCE = /(?<![\w-])[A-Z]{2,4}(?=[A-Z-]{0,26}\d)(?:-[0-9A-Z]{3,8}){1,3}(?![\w-])/g;
const TRAILING = ".,;:!?";
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Split text into plain pieces, links and references. Of web addresses only http and https become links. */
export function pieces(text: string): readonly Piece[] {
  let found: readonly Piece[] = [{ text, href: null }];
  found = split(found, ADDRESS, (address) => {
    const own = withoutTrailing(address);
    const href = safeAddress(own);
    return href === null ? null : { text: own, href };
  });
  found = split(found, MAIL, (mail) => {
    const own = withoutTrailing(mail);
    return { text: own, href: `mailto:${own}` };
  });
  found = split(found, REFERENCE, (reference) => ({ text: reference, href: null, reference: true }));
  return split(found, PHONE, (phone) => ({ text: phone, href: `tel:${phone.replace(/[^\d+]/g, "")}` }));
}

function split(given: readonly Piece[], pattern: RegExp, made: (found: string) => Piece | null): readonly Piece[] {
  return given.flatMap((piece) => {
    if (piece.href !== null || piece.reference) return [piece];
    const parts: Piece[] = [];
    let from = 0;
    for (const match of piece.text.matchAll(pattern)) {
      const one = made(match[0]);
      if (one === null) continue;
      if (match.index > from) parts.push({ text: piece.text.slice(from, match.index), href: null });
      parts.push(one);
      from = match.index + one.text.length;
    }
    if (from < piece.text.length) parts.push({ text: piece.text.slice(from), href: null });
    return parts;
  });
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
