"""The SMS alphabet (3GPP TS 23.038): what costs one septet, what costs two, and what makes a message UCS-2."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")

SINGLE = (160, 70)
"""The capacity of one SMS: septets, or UTF-16 units once a character is outside the alphabet."""

CONCATENATED = (153, 67)
"""The same for each part of a longer message: six bytes of every part hold the part number."""


TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−•‣·", "-"),
        **dict.fromkeys(
            "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f", " "
        ),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("\u2028\u2029", "\n"),
        "…": "...",
    }
)
"""Similar-looking signs within the alphabet. No letter is replaced: "maßgeblich" and "año" stay as they are.
"""


def septets(text: str) -> int | None:
    """The cost of the text in GSM-7 septets; None if it cannot be written in GSM-7."""
    total = 0
    for character in text:
        if character in BASIC:
            total += 1
        elif character in EXTENDED:
            total += 2
        else:
            return None
    return total


def utf16_units(text: str) -> int:
    """The length in UTF-16 units; a character beyond the first plane takes two."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text: str) -> str:
    """Simplify the typography if that alone brings the text into GSM-7; otherwise return the text unchanged.

    One curly quote more than halves what an SMS holds. Changed only if it helps: next to an emoji it would
    not.
    """
    written = unicodedata.normalize("NFC", text).translate(TYPOGRAPHY)
    return written if septets(written) is not None and segments(written) <= segments(text) else text


def segments(text: str) -> int:
    """The number of SMS the text is sent, and billed, as; 0 for no text. No character is cut in two."""
    if not text:
        return 0
    alphabet = septets(text) is not None
    costs = [(2 if one in EXTENDED else 1) if alphabet else utf16_units(one) for one in text]
    place = 0 if alphabet else 1
    if sum(costs) <= SINGLE[place]:
        return 1
    count, left = 1, CONCATENATED[place]
    for cost in costs:
        if cost > left:
            count, left = count + 1, CONCATENATED[place]
        left -= cost
    return count
