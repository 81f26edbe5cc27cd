"""Removes text that the citizen has deleted from an agent's summary, in which the bot quotes it. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable

INSTEAD = "(deleted by the citizen)"
RUN = 4  # words in a row that only a quote has in common with a text
_WORD = re.compile(r"\w+")
_BEFORE = re.compile(r"(?:^|[:|\n])[^\w\n]*$")
_AFTER = re.compile(r"^[^\w\n]*?(?:$|[|\n])")


def without_deleted(summary: str, deleted: Iterable[str]) -> str:
    """The summary without what it quotes of these texts. A text of one to three words is only taken out where it
    stands alone: its words may be anybody's. Linear in the length of both."""
    for text in deleted:
        wanted = _words(text)
        if not wanted:
            continue
        found = list(_WORD.finditer(summary))
        said = [one[0].casefold() for one in found]
        length = min(RUN, len(wanted))
        runs = {tuple(wanted[place : place + length]) for place in range(len(wanted) - length + 1)}
        summary = _redacted(summary, found, said, runs, wanted, length)
    return summary


def _words(text: str) -> list[str]:
    return [one.casefold() for one in _WORD.findall(text)]


def _redacted(
    summary: str,
    found: list[re.Match[str]],
    said: list[str],
    runs: set[tuple[str, ...]],
    wanted: list[str],
    length: int,
) -> str:
    kept, done, place = [], 0, 0
    beginnings = sorted(set(wanted))
    while place + length <= len(said):
        if tuple(said[place : place + length]) not in runs:
            place += 1
            continue
        last = place + length - 1
        while last + 1 < len(said) and tuple(said[last + 2 - length : last + 2]) in runs:
            last += 1
        # Summaries cut a text after so many characters, also within a word.
        cut = last + 1 < len(said) and _begins_one(said[last + 1], beginnings)
        if cut and _stands_alone(summary, found[place].start(), found[last + 1].end()):
            last += 1
        begin, end = found[place].start(), found[last].end()
        if len(wanted) >= RUN or _stands_alone(summary, begin, end):
            kept += [summary[done:begin], INSTEAD]
            done = end
        place = last + 1
    return "".join([*kept, summary[done:]])


def _begins_one(piece: str, words: list[str]) -> bool:
    """Whether one of these sorted words begins so."""
    place = bisect_left(words, piece)
    return place < len(words) and words[place].startswith(piece)


def _stands_alone(summary: str, begin: int, end: int) -> bool:
    before, after = summary[max(0, begin - 20) : begin], summary[end : end + 20]
    return bool(_BEFORE.search(before)) and bool(_AFTER.search(after))
