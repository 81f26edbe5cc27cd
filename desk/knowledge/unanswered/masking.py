"""Masks a question for editors: without card numbers, e-mail addresses, long numbers, and names that its author gave."""

import re
from collections.abc import Sequence

from desk.runtime.cards import MASK
from desk.runtime.masking import EMAIL, NUMBER, mask_personal

NAME = "[name]"
MARKS = (NAME, EMAIL, NUMBER, MASK)
"""What stands in place of what was taken out."""
SHORTEST = 3
"""Letters of a name; shorter ones are words as often as names."""
LONGEST = 400
"""Characters of a question that are shown."""


def mask_question(text: str, names: Sequence[str]) -> str:
    """The question as editors see it, in one line."""
    masked = mask_text(" ".join(text.split()), names)
    return masked if len(masked) <= LONGEST else f"{masked[:LONGEST].rstrip()} …"


def mask_text(text: str, names: Sequence[str]) -> str:
    """The same for a longer text, with its lines."""
    masked = mask_personal(text)
    words = {
        word.casefold() for name in names for word in re.findall(r"[^\W\d_]+", name) if len(word) >= SHORTEST
    }
    if words:
        masked = re.sub(
            r"[^\W\d_]+", lambda found: NAME if found[0].casefold() in words else found[0], masked
        )
    return masked


def is_masked(text: str) -> bool:
    """Whether something was taken out."""
    return any(mark in text for mark in MARKS)
