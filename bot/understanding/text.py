"""Text normalisation, identical for training examples and citizens' messages."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

LONGEST = 800  # characters that the classifier reads; more costs time without adding accuracy
# One match per run of signs, with only one way to match: `\S+@\S+\.\S+` takes 9 s of processor time for 2,000 plus signs.
_EMAIL = re.compile(r"(?<!\S)\S[^\s@]*@\S[^\s.]*\.\S+")
LINK = re.compile(r"(?:https?://|www\.)\S+")
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")
WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"c/|\w+|[^\w\s]", re.IGNORECASE)  # "c/" is Spanish for street


class Token(NamedTuple):
    """A word (folded) or a sign, and where it stands in the text."""

    word: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Words and punctuation of a text, in linear time for any text."""
    return list(_tokens(text))


@lru_cache(maxsize=64)  # entities, details, parts, roles and follow-ups all read the same message
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(Token(fold(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text))


def fold(text: str) -> str:
    """Lower case without accents, one character for each of the original, so that offsets stay valid."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def has_words(text: str) -> bool:
    """Whether there is any letter or digit: emoji alone cannot be classified."""
    return any(character.isalnum() for character in text)


class Claimed:
    """The claimed ranges of a text or list, so that a thousand dates need not be compared with each other."""

    def __init__(self, length: int) -> None:
        self._places = bytearray(length)

    def claim(self, start: int, end: int) -> bool:
        """Claim start to end. Returns False, and claims nothing, if a part of it is already claimed."""
        free = self.is_free(start, end)
        if free:
            self.take(start, end)
        return free

    def take(self, start: int, end: int) -> None:
        """Claim start to end unconditionally."""
        self._places[start:end] = b"\1" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        return not any(self._places[start:end])


class Normaliser:
    """Normalises what carries no intent: case, digits, report numbers."""

    def __init__(self, reference_patterns: Iterable[str]) -> None:
        self._references = [re.compile(pattern, re.IGNORECASE) for pattern in reference_patterns]

    def __call__(self, text: str) -> str:
        if not (text.isascii() and text.isprintable()):  # these need no Unicode normalisation
            text = unicodedata.normalize("NFKC", text)
            text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
        for pattern in self._references:
            text = pattern.sub(" reference number ", text)
        text = LINK.sub(" link ", _EMAIL.sub(" e-mail ", text))
        text = _SPACE.sub(" ", _DIGIT.sub("0", text)).strip().lower()
        if len(text) > LONGEST:  # people state their request first or last
            text = f"{text[: LONGEST * 3 // 4]} {text[-LONGEST // 4 :]}"
        return text


@lru_cache(maxsize=4096)  # characters of all scripts
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character
