"""Reference numbers as people write them: lower case, with blanks or without hyphens. Pure."""

import re
from functools import lru_cache

_DASHES = str.maketrans("–—‑", "---")
_LONGEST_SEARCHED = 500
_FEWEST_DIGITS = 4
# "SR-2026-00001", "SR20260001", "ABC-12345"; a word such as "covid-2019" has no capitals.
_STRANGE = re.compile(
    r"[A-Z]{1,5}[-/]?[0-9]{1,12}(?:[-/][0-9A-Z]{1,12}){0,3}|[A-Z]{1,5}(?:[-/][0-9A-Z]{1,12}){2,4}"
)
_SEPARATOR = r"[\s.\-–—_/]{0,3}"


def find_reference(text: str, pattern: str, *, asked: bool = False) -> str | None:
    """The first reference number in a text, written as the back end writes it.

    `asked`: we just asked for it, so that the letters at its front may be missing too.
    """
    strict, loose, bare = _shapes(pattern)
    for shape in (strict, loose, bare) if asked else (strict, loose):
        for found in shape.finditer(text.upper()):
            # "Sr. Juan Pepe" has the letters of a number; a number has a digit or its hyphens.
            if "-" in found[0] or any(character.isdigit() for character in found[0]):
                parts = [part for part in found.groups() if part]
                if len(parts) < loose.groups:
                    parts.insert(0, _front(pattern))
                return "-".join(parts)
    return None


def find_exact(text: str, pattern: str) -> str | None:
    """The first number in a text that is written with its own hyphens: a register's number may be all digits, and
    "2026 123" is none."""
    hyphens = text.translate(_DASHES).upper()
    found = re.search(rf"(?<![0-9A-Z-])(?:{pattern})(?![0-9A-Z-])", hyphens)
    return found[0] if found else None


def find_strange(text: str) -> str | None:
    """The first word that is built like a number of some system, such as "SR-2026-00001" or "A-77/2026": letters before
    the digits, or parts with hyphens, but no date and no telephone number."""
    for word in text[:_LONGEST_SEARCHED].translate(_DASHES).split():
        word = word.strip(".,;:!?¿¡()[]'\"«»#")
        if _STRANGE.fullmatch(word) and sum(one.isdigit() for one in word) >= _FEWEST_DIGITS:
            return word
    return None


def looks_tried(text: str) -> bool:
    """Whether it was meant as a number: short, with a digit."""
    return len(text) <= 30 and any(character.isdigit() for character in text)


@lru_cache(maxsize=16)
def _shapes(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    parts = _parts(pattern)
    groups = [f"({part})" for part in parts]
    edge = r"(?<![0-9A-Z])", r"(?![0-9A-Z])"
    strict = re.compile(edge[0] + "-".join(groups) + edge[1])
    loose = re.compile(edge[0] + _SEPARATOR.join(groups) + edge[1])
    front = parts[0].isalpha() and len(parts) > 1
    bare = re.compile(edge[0] + _SEPARATOR.join(groups[1:]) + edge[1]) if front else loose
    return strict, loose, bare


def _parts(pattern: str) -> list[str]:
    # A hyphen between brackets is a range and not a separator.
    return re.split(r"-(?![^\[\]]{0,64}\])", pattern)


def _front(pattern: str) -> str:
    return _parts(pattern)[0]
