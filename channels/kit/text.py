"""Fits text to a provider's limits: splits long messages at natural pauses and shortens titles unambiguously.

No cut splits what a reader sees as one character (an emoji with its skin tone, a letter with its accent), so
none splits a surrogate pair or a UTF-8 sequence either.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import ceil

import regex

from channels.capabilities import TextUnit
from channels.kit.gsm7 import CONCATENATED, septets, utf16_units

SMALLEST_LIMIT = 16
"""Below this a limit might not hold one character and an ellipsis in every unit."""

ELLIPSIS = "…"

_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # embeddings, overrides, isolates
_SPACE = r"[^\S\u00a0\u2007\u202f]"  # a no-break space forbids a break
_BLANK = r"[^\S\n\u00a0\u2007\u202f]"  # the same within a line
_FIRST = rf"(?<!{_SPACE})"
_CLOSING = r"[\"'”’»›)\]」』）]*"
# Each visits a run of signs once, from its beginning; otherwise 4,000 spaces or exclamation marks take quadratic time.
_BREAKS = tuple(
    regex.compile(pattern)
    for pattern in (
        # Group 1 belongs to the first part, the rest of the match to neither.
        rf"{_FIRST}(){_BLANK}*\n{_BLANK}*\n\s*",
        rf"{_FIRST}(){_BLANK}*\n\s*",
        # A dot after one or two letters is an abbreviation more often than an end ("St. Mary", "No. 5").
        rf"((?:(?<=[\w%)\]”’»]{{3}})\.+|(?<![!?…؟۔।])[!?…؟۔।]++){_CLOSING}){_SPACE}+(?!\p{{Ll}})|([。！？]+{_CLOSING})\s*",
        rf"(){_SPACE}+",
    )
)
# Not \X alone: it counts all preceding flags for each flag, to know which two belong together.
_GRAPHEME = regex.compile(r"\p{GCB=RI}{2}[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*+|\X")
_TOO_SOON = 3
"""A pause in the first third leaves a stub, so a weaker pause further on is the better cut."""


def clean_text(text: str) -> str:
    """The text without control characters and lone surrogates, with normalised line ends, stripped.

    Text with nothing visible in it becomes "".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    return kept if any(unicodedata.category(c)[0] not in "ZC" for c in kept) else ""


def clean_name(name: object) -> str | None:
    """A person's name as the provider gives it, on one line and of limited length; None if there is none.

    Bidirectional control characters are removed: unclosed, they would reverse the text shown next to the
    name.
    """
    if not isinstance(name, str):
        return None
    return " ".join(clean_text(name.translate(_TURNING)).split())[:200] or None


def measure(text: str, unit: TextUnit) -> int:
    """The length of the text as this provider counts it.

    "sms" counts the septets of a concatenated SMS. One character outside the alphabet turns the whole text
    into UCS-2, where a part holds 67 units instead of 153 septets; the units are weighted accordingly.
    """
    match unit:
        case "characters":
            return len(text)
        case "utf16":
            return utf16_units(text)
        case "bytes":
            return len(text.encode("utf-8", "surrogatepass"))
        case "sms":
            plain = septets(text)
            per_septets, per_units = CONCATENATED
            return plain if plain is not None else ceil(utf16_units(text) * per_septets / per_units)


def split(text: str, limit: int, unit: TextUnit = "characters") -> list[str]:
    """Split the text into parts of at most `limit` units, preferably at a paragraph, then a line, sentence or
    word.

    Nothing but white space at the cuts and around the text is lost; a blank text has no parts.
    """
    _check(limit)
    parts = []
    rest = text.strip()
    while measure(rest, unit) > limit:
        fits = _fitting(rest, limit, unit)
        end, start = _pause(rest, fits)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [part for part in (*parts, rest) if part]


def numbered(text: str, titles: Sequence[str]) -> str:
    """The text with the choices as a numbered list, to be answered with a number."""
    lines = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, start=1))
    return "\n\n".join(part for part in (text, lines) if part)


def fit(title: str, limit: int, unit: TextUnit = "characters") -> str:
    """The title, with its end replaced by "…" if it is too long."""
    return _head(" ".join(title.split()), limit, unit)


def fit_titles(titles: Sequence[str], limit: int, unit: TextUnit = "characters") -> list[str]:
    """The titles within the limit and all distinct, because a provider refuses duplicates and a reader cannot
    choose.

    Titles that would look alike keep their end as well as their beginning; the last resort is a number.
    """
    whole = [" ".join(title.split()) for title in titles]
    fitted = [_head(title, limit, unit) for title in whole]
    fitted = _mend(fitted, lambda place: _middle(whole[place], limit, unit))
    taken: set[str] = set()
    for place, title in enumerate(fitted):
        number = 1
        while title in taken or (number > 1 and title in fitted):
            number += 1
            title = f"{whole[place]} {number}"
            if measure(title, unit) > limit:
                title = _cut(whole[place], limit, unit, f"{ELLIPSIS} {number}")
        fitted[place] = title
        taken.add(title)
    return fitted


def graphemes(text: str) -> list[str]:
    """What a reader sees as single characters (Unicode Standard Annex 29)."""
    return _GRAPHEME.findall(text)


def _check(limit: int) -> None:
    if limit < SMALLEST_LIMIT:
        raise ValueError(f"a limit of {limit} is below {SMALLEST_LIMIT}")


def _fitting(text: str, limit: int, unit: TextUnit) -> int:
    """The longest prefix that fits without splitting a grapheme, or one code point if a grapheme alone is too
    long."""
    # Every unit counts a code point as at least one, so nothing beyond `limit` code points can fit.
    ends = _ends(text, limit)
    fits = bisect_right(ends, limit, key=lambda end: measure(text[:end], unit))
    if fits:
        return ends[fits - 1]
    points = range(1, limit + 1)
    return points[bisect_right(points, limit, key=lambda end: measure(text[:end], unit)) - 1]


def _ends(text: str, most: int) -> list[int]:
    ends = []
    for match in _GRAPHEME.finditer(text):
        if match.end() > most:
            break
        ends.append(match.end())
    return ends


def _pause(text: str, fits: int) -> tuple[int, int]:
    """The best cut up to `fits`: where the first part ends, and where the rest starts."""
    for pattern in _BREAKS:
        best = 0, 0
        for end, start in _pauses(pattern, text, fits):
            best = end, start
        if best[0] * _TOO_SOON >= fits:
            return best
    # No pause is late enough; an early word is still better than half of one.
    return best if best[0] else (fits, fits)


def _pauses(pattern: "regex.Pattern[str]", text: str, fits: int) -> Iterator[tuple[int, int]]:
    # What follows the cut has to be visible to recognise a pause: a blank line is the longest.
    for match in pattern.finditer(text, endpos=fits + 8):
        end = max(match.end(group) for group in range(1, pattern.groups + 1))
        if 0 < end <= fits and _whole(text, end) and _whole(text, match.end()):
            yield end, match.end()


def _whole(text: str, place: int) -> bool:
    """True if a cut here keeps accents and joiners with the character they belong to."""
    match = regex.match(r"\X", text, pos=place - 1)
    return match is not None and match.end() == place


def _head(title: str, limit: int, unit: TextUnit) -> str:
    return title if measure(title, unit) <= limit else _cut(title, limit, unit, ELLIPSIS)


def _cut(title: str, limit: int, unit: TextUnit, tail: str) -> str:
    _check(limit)
    characters = graphemes(title)

    def shortened(kept: int) -> str:
        return "".join(characters[:kept]).rstrip() + tail

    return shortened(_most(len(characters), lambda kept: measure(shortened(kept), unit) <= limit))


def _middle(title: str, limit: int, unit: TextUnit) -> str:
    if measure(title, unit) <= limit:
        return title
    characters = graphemes(title)

    def shortened(kept: int) -> str:
        front, back = characters[: (kept + 1) // 2], characters[len(characters) - kept // 2 :]
        return "".join(front).rstrip() + ELLIPSIS + "".join(back).lstrip()

    kept = _most(len(characters) - 1, lambda kept: measure(shortened(kept), unit) <= limit)
    return shortened(kept) if kept > 1 else _head(title, limit, unit)


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `count` that fits, where all smaller ones fit too; 0 if none does. Trying each
    in turn would take time quadratic in the title's length."""
    return bisect_left(range(1, count + 1), True, key=lambda number: not fits(number))


def _mend(fitted: Sequence[str], again: Callable[[int], str]) -> list[str]:
    count = Counter(fitted)
    return [again(place) if count[title] > 1 else title for place, title in enumerate(fitted)]
