"""Reads whether somebody asks if something is really from the city: "is this really you?", or a code alone. Pure.

A question is a whole sentence of the message; what else the message has is what they want to know about.
"""

import re
import unicodedata
from dataclasses import dataclass

from desk.official.languages import WORDS
from desk.official.languages.words import Words
from desk.official.reading import codes_in, read_named

LONGEST = 4_000
LONGEST_QUESTION = 90
"""Characters of the sentence that asks."""
ENOUGH = 8
"""Words of a text, without a question, that may be a forwarded message, after we asked for one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`about` is what they ask about: "" if the message says nothing of it. `sure`: it was asked in words, and a code that we do
    not know is answered too."""

    about: str
    sure: bool


def read_asked(text: str, preferred: str = "en", *, awaited: bool = False) -> Asked | None:
    """What is asked, or None if the text is about something else. `awaited`: we have just asked for something to check."""
    text = text[:LONGEST]
    for language in sorted(WORDS, key=lambda one: one != preferred):
        vocabulary = WORDS[language]
        if code := _code(text, vocabulary):
            return Asked(code, sure=code in text)
        if (rest := _without_question(text, vocabulary)) is not None:
            return Asked(rest, sure=True)
    if awaited and (read_named(text) or codes_in(text) or (len(text.split()) >= ENOUGH and "?" not in text)):
        return Asked(text, sure=True)
    return None


def plain(text: str) -> str:
    """Small letters and digits, without accents."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in folded if unicodedata.category(c) != "Mn")
    return " ".join(kept.split())


def _code(text: str, vocabulary: Words) -> str | None:
    """The code, if the message is nothing but one."""
    if len(text) > 60:
        return None
    words = [one for one in re.split(r"[\s:?!.,]+", text) if one and plain(one) not in vocabulary.codes]
    found = codes_in(" ".join(words))
    return found[0] if len(found) == 1 and "".join(words).upper() == found[0] else None


def _without_question(text: str, vocabulary: Words) -> str | None:
    """The text without the sentence that asks; None if none does. A weak one counts beside something else."""
    named = read_named(text)
    bare = text
    for one in sorted(named, key=lambda each: -len(each.text)):
        bare = bare.replace(one.text, " ")
    strong, weak = (_filtered(phrases, vocabulary) for phrases in (vocabulary.asks, vocabulary.weak))
    rest, asked = [], False
    for sentence in re.split(r"(?<=[.?!:\n])", bare):
        words = _filter(plain(sentence), vocabulary) if len(sentence) <= LONGEST_QUESTION else ""
        counts = words in strong or (words in weak and (named or len(bare) > len(sentence) + 20))
        if words and counts:
            asked = True
        else:
            rest.append(sentence)
    if not asked:
        return None
    left = "".join(rest).strip()
    if not named:
        return left if plain(left) else ""
    # What is named keeps its place in the text that was sent.
    return text


def _filtered(phrases: tuple[str, ...], vocabulary: Words) -> frozenset[str]:
    return frozenset(_filter(one, vocabulary) for one in phrases)


def _filter(words: str, vocabulary: Words) -> str:
    kept = [one for one in words.split() if one not in vocabulary.between]
    return " ".join(kept)
