"""Shared by the recognition of old mails: a mark, a line in plain characters, dates, and the words of all languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from channels.languages.mail import MAIL_WORDS

LONGEST_LINE = 400

Kind = Literal["attribution", "header", "original", "forwarded"]
YEAR = re.compile(r"(?<![\d])(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Mark:
    """What begins at a line, on how many lines. `text` is all of it, `who` the part that names the old mail's
    author; `sure`: nothing has to confirm it."""

    kind: Kind
    count: int
    text: str
    sure: bool = True
    who: str = ""


def plain(text: str) -> str:
    """In lower case, with ordinary blanks, apostrophes and colons, and without emphasis."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'").replace("\uff1a", ":")
    text = text.replace("\u200e", "").replace("\u200f", "").replace("\u2009", " ")
    return " ".join(text.replace("*", "").lower().split()).replace(" :", ":")


def dated(text: str) -> bool:
    """Whether a date or a time is in it."""
    return bool(YEAR.search(text) or TIME.search(text))


def words_of_all(field: str) -> list[str]:
    """The words of one field in all languages, the longest first."""
    found = {word for words in MAIL_WORDS.values() for word in getattr(words, field)}
    return sorted(found, key=lambda word: (-len(word), word))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words."""
    return "|".join(re.escape(word) for word in words)
