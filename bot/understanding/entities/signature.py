"""Finds the signature and home address in a message, so that a report's place is not taken from them. Pure.

"The bin at 3 Elm Street is broken.\n\nKind regards\nJo Miller, 12 Mill Lane" is about 3 Elm Street.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.languages import WORDS
from bot.understanding.entities.streets import Place
from bot.understanding.shape import plain

LONGEST_CLOSING = 6  # words of a line that closes a letter, with the name behind it
LONGEST_LINE = 6  # words of a line of a signature
LAST_LINES = 6  # the most in a signature without a closing
_MARK = re.compile(r"[-–—_=*]{2,}\s?")
_SENTENCE = re.compile(r"[.!?…]\s+(?=\S)")
_CLOSING = tuple({tuple(phrase.split()) for words in WORDS.values() for phrase in words.closing})
_THANKS = tuple({tuple(phrase.split()) for words in WORDS.values() for phrase in words.thanking})
_LIVING = tuple(tuple(phrase.split()) for words in WORDS.values() for phrase in words.living)
_FAR = 60  # characters before an address that may say whose it is


def of_the_matter(text: str, places: Sequence[Place]) -> list[Place]:
    """The places without those of the signature and of the citizen's home.

    An address below a mark ("--") or a line such as "Kind regards" is never the place. A thank-you, a last
    paragraph that looks like a signature and a home are left out only if another place remains.
    """
    if not places:
        return []
    sure = min(_marked_start(text), _closing_start(text, _CLOSING))
    body = [place for place in places if place.start < sure]
    start = min(sure, _closing_start(text, _THANKS), _block_start(text, places))
    return [place for place in body if place.start < start and not _is_home(text, place)] or body


def _marked_start(text: str) -> int:
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if number and _MARK.fullmatch(line.strip()):
            return at
        at += len(line)
    return len(text)


def _closing_start(text: str, closings: Sequence[tuple[str, ...]]) -> int:
    """The start of a line, or a sentence, that begins like the closing of a letter."""
    at = 0
    for line in text.splitlines(keepends=True):
        starts = [0, *(match.end() for match in _SENTENCE.finditer(line))]
        for start in starts:
            # A message does not begin with a closing: "Thanks for nothing".
            if at + start and _closes(line[start:], closings):
                return at + start
        at += len(line)
    return len(text)


def _closes(said: str, closings: Sequence[tuple[str, ...]]) -> bool:
    head = re.split(r"[,\n]", said.strip(), maxsplit=1)[0]
    words = tuple(plain(head[:100]).split())
    if not words or len(words) > LONGEST_CLOSING:
        return False
    return any(words[: len(phrase)] == phrase for phrase in closings)


def _block_start(text: str, places: Sequence[Place]) -> int:
    """The start of a last paragraph of short lines whose first line is a name."""
    head, blank, block = text.rstrip().rpartition("\n\n")
    lines = [line for line in block.splitlines() if line.strip()]
    start = len(head) + len(blank)
    if not head.strip() or not 1 < len(lines) <= LAST_LINES:
        return len(text)
    first_end = start + len(lines[0])
    if any(len(line.split()) > LONGEST_LINE for line in lines) or any(
        start <= p.start < first_end for p in places
    ):
        return len(text)
    named = lines[0].split()
    return start if len(named) <= 4 and all(word[:1].isupper() for word in named) else len(text)


def _is_home(text: str, place: Place) -> bool:
    words = tuple(plain(text[max(0, place.start - _FAR) : place.start]).split())
    return any(
        words[-len(phrase) - extra : len(words) - extra] == phrase for phrase in _LIVING for extra in (0, 1)
    )
