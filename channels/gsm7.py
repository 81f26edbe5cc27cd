"""The alphabet of SMS (3GPP TS 23.038): what costs one septet, what costs two, and what makes a message UCS-2."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")

SINGLE = (160, 70)
"""What one SMS holds: septets, or UTF-16 units once a character is outside the alphabet."""

CONCATENATED = (153, 67)
"""The same for each part of a longer one: six bytes of every part say which part it is."""


def septets(text: str) -> int | None:
    """What the text costs in GSM-7; None when it cannot be written in it."""
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
    """How many UTF-16 units the text takes; a character beyond the first plane takes two."""
    return len(text) + sum(character > "\uffff" for character in text)
