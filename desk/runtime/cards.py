"""Payment card numbers in what citizens write: they are masked before anything is stored. Pure.

A number counts as a card's if its length and first digits are those of a card scheme and its check digit (Luhn) is
right. A reference number, a telephone number or a position passes that test about once in a thousand times.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MASK = "••••"
# (first digits from, to, lengths); the first digits are compared at their own length
_SCHEMES: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (300, 305, frozenset({14})),  # Diners Club
    (36, 36, frozenset({14, 16, 19})),
    (38, 39, frozenset({14, 16})),
    (3528, 3589, frozenset({16, 17, 18, 19})),  # JCB
    (6011, 6011, frozenset({16, 19})),  # Discover
    (644, 659, frozenset({16, 19})),
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (50, 50, frozenset({16, 18, 19})),  # Maestro and domestic schemes
    (56, 58, frozenset({16, 18, 19})),
    (60, 60, frozenset({16, 18, 19})),
    (63, 63, frozenset({16, 18, 19})),
    (67, 67, frozenset({16, 18, 19})),
)
_HEAD = 4  # digits that tell the scheme
_LONGEST = 19
_SPACES = "\\s\u00a0\u2007\u2009\u202f"
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2212_."
# One way to match, so that the work is linear: a digit, then gaps of at most two signs and digits.
_RUN = re.compile(rf"(?<![\w+])\d(?:[{_SPACES}{_DASHES}]{{0,2}}\d)+")
_GROUP = re.compile(r"\d+")
_FEWEST_AFTER_DOT = 4  # digits; "40.712776 -74.005974" is a position


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without a gap: their values, and where they stand in the text."""

    digits: tuple[int, ...]
    start: int
    end: int


def mask_cards(text: str) -> str:
    """The text with MASK in place of each card number; the same object if there is none."""
    found = [span for run in _RUN.finditer(text) for span in _cards(_groups(run), text)]
    for start, end in reversed(found):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text


def _groups(run: re.Match[str]) -> list[_Group]:
    return [
        _Group(
            tuple(unicodedata.decimal(digit) for digit in group[0]),
            run.start() + group.start(),
            run.start() + group.end(),
        )
        for group in _GROUP.finditer(run[0])
    ]


def _cards(groups: list[_Group], text: str) -> list[tuple[int, int]]:
    """The spans of cards in a run of groups, from the left, the longest first. A card fills whole groups."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(groups):
        last = _last_group(groups, first, text)
        if last is None:
            first += 1
        else:
            found.append((groups[first].start, groups[last].end))
            first = last + 1
    return found


def _last_group(groups: list[_Group], first: int, text: str) -> int | None:
    digits: list[int] = []
    lengths: frozenset[int] | None = None
    last = None
    for place in range(first, min(len(groups), first + _LONGEST)):
        digits += groups[place].digits
        if len(digits) > _LONGEST or lengths == frozenset():
            break
        if lengths is None and len(digits) >= _HEAD:
            lengths = _lengths(digits)
        if lengths is not None and len(digits) in lengths and _is_card(digits):
            last = last if _has_decimals(groups[first : place + 1], text) else place
    return last


def _has_decimals(groups: list[_Group], text: str) -> bool:
    dotted = "." in text[groups[0].start : groups[-1].end]
    return dotted and any(len(group.digits) < _FEWEST_AFTER_DOT for group in groups)


def _lengths(digits: Sequence[int]) -> frozenset[int]:
    """How many digits a card has that begins so."""
    head = "".join(map(str, digits[:_HEAD]))
    fitting = (sizes for first, last, sizes in _SCHEMES if first <= int(head[: len(str(first))]) <= last)
    return frozenset[int]().union(*fitting)


def _is_card(digits: Sequence[int]) -> bool:
    """Whether the check digit is right (Luhn); a row of one digit is nobody's card."""
    if len(set(digits)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
