"""Payment card numbers in what citizens write: they are masked before anything is stored. Pure.

A number counts as a card's if its length and first digits are those of a card scheme and its check digit (Luhn) is
right. A reference number, a telephone number or a position passes that test about once in a thousand times.
"""

import re
import unicodedata
from functools import cache

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
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # twice a digit, its own digits added
_GROUP = re.compile(r"\d+")
_SPACES = "\\s\u00a0\u2007\u2009\u202f"
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2212_."
# One way to match, so that the work is linear: a digit, then gaps of at most two signs and digits.
_RUN = re.compile(rf"(?<![\w+])\d(?:[{_SPACES}{_DASHES}]{{0,2}}\d){{12,}}")
_FIRST = frozenset(int(str(first)[0]) for first, _, _ in _SCHEMES)
_FEWEST_AFTER_DOT = 4  # digits; "40.712776 -74.005974" is a position


def mask_cards(text: str) -> str:
    """The text with MASK in place of each card number; the same object if there is none."""
    found = [span for run in _RUN.finditer(text) for span in _cards(run)]
    for start, end in reversed(found):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text


def _cards(run: re.Match[str]) -> list[tuple[int, int]]:
    """The spans of cards in a run of digits, from the left, the longest first. A card consists of whole groups of digits."""
    said = run[0]
    places = [place for place, character in enumerate(said) if character.isdecimal()]
    digits = [unicodedata.decimal(said[place]) for place in places]
    count = len(digits)
    found: list[tuple[int, int]] = []
    start = 0
    while start < count:
        size = 0
        if digits[start] in _FIRST and (not start or places[start - 1] != places[start] - 1):
            size = _size(said, places, digits, start)
        if size:
            found.append((run.start() + places[start], run.start() + places[start + size - 1] + 1))
        start += size or 1
    return found


def _size(said: str, places: list[int], digits: list[int], start: int) -> int:
    """How many digits the card has that begins here, 0 if there is none."""
    head = "".join(map(str, digits[start : start + _HEAD]))
    for size in _lengths(head):
        last = start + size - 1
        if last >= len(digits) or (last + 1 < len(digits) and places[last + 1] == places[last] + 1):
            continue
        if _is_card(digits[start : last + 1]) and not _has_decimals(said[places[start] : places[last] + 1]):
            return size
    return 0


@cache
def _lengths(head: str) -> tuple[int, ...]:
    """How many digits a card has that begins so, the longest first."""
    fitting = (sizes for first, last, sizes in _SCHEMES if first <= int(head[: len(str(first))]) <= last)
    return tuple(sorted(frozenset[int]().union(*fitting), reverse=True))


def _is_card(digits: list[int]) -> bool:
    """Whether the check digit is right (Luhn); a run of one repeated digit is no card."""
    total = sum(digits[-1::-2]) + sum(_DOUBLED[digit] for digit in digits[-2::-2])
    return total % 10 == 0 and len(set(digits)) > 1


def _has_decimals(said: str) -> bool:
    return "." in said and any(len(group) < _FEWEST_AFTER_DOT for group in _GROUP.findall(said))
