"""Recognises the form of a statement: a denial ("that's wrong", "c'est faux"), what something
is not ("it's not a pothole, it's a lamp"), how it is ("it's been out since Friday"), that it lasts ("it's still there").

The classifier would read these as a no, a doubt about a rumour, a question about days or nothing at all. Pure.
"""

from __future__ import annotations

from bot.languages import WORDS
from bot.understanding.shape import plain

LONGEST = 9  # words
_KINDS = 3  # words behind "it is not a": "pothole it's a light"

_KNOWN = {
    code: (tuple(f" {said} " for said in words.untrue), frozenset(words.around_untrue.split()))
    for code, words in WORDS.items()
    if words.untrue
}


def denies(text: str, language: str | None) -> bool:
    """Every word either says that something is not so, or says nothing by itself."""
    known = _KNOWN.get(language or "")
    said = plain(text[:200])
    if known is None or not 0 < len(said.split()) <= LONGEST:
        return False
    untrue, around = known
    beside = f" {said} "
    found = False
    for phrase in untrue:
        if phrase in beside:
            beside, found = beside.replace(phrase, " "), True
    return found and all(word in around for word in beside.split())


def says_kind(text: str, language: str | None) -> bool:
    """ "It's not a pothole, it's a broken light": it starts with what something is not, and continues with what it is."""
    words = WORDS.get(language or "")
    said = plain(text[:200]).split()
    if words is None:
        return False
    if said[:1] == said[1:2] or said[:1] in (["no"], ["non"], ["nope"], ["sorry"], ["perdon"], ["pardon"]):
        said = said[1:] if not _not_being(said, words.not_being) else said  # "no, it's not a …"
    found = _not_being(said, words.not_being)
    return found is not None and len(said) - len(found.split()) >= _KINDS


def describes_it(text: str, language: str | None) -> bool:
    """Whether it begins with what says how something is."""
    words = WORDS.get(language or "")
    return words is not None and f"{plain(text[:200])} ".startswith(
        tuple(f"{one} " for one in words.describing)
    )


def lasts(text: str, language: str | None) -> bool:
    """Whether it has a word for something that continues."""
    words = WORDS.get(language or "")
    return words is not None and bool(set(words.lasting.split()).intersection(plain(text[:400]).split()))


def _not_being(said: list[str], phrases: tuple[str, ...]) -> str | None:
    return next((one for one in phrases if said[: len(one.split())] == one.split()), None)
