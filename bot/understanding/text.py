"""How a text is prepared before it is measured: the same for training and for citizens."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

LONGEST = 800  # characters the classifier looks at; more adds time, not understanding
# One try for each run of signs, and one way to read it: `\S+@\S+\.\S+` takes 9 s of processor time for 2,000 plus signs.
_EMAIL = re.compile(r"(?<!\S)\S[^\s@]*@\S[^\s.]*\.\S+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
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
    """Words and signs of a text, in linear time whatever the text is."""
    return [Token(fold(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def fold(text: str) -> str:
    """Lower case without accents, one character for each of the original: offsets stay true."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def has_words(text: str) -> bool:
    """Whether there is any letter or digit: an emoji alone says nothing that can be classified."""
    return any(character.isalnum() for character in text)


class Claimed:
    """Which places of a text, or of a list, somebody has claimed. Each of a thousand dates asks it, and not each other."""

    def __init__(self, length: int) -> None:
        self._places = bytearray(length)

    def claim(self, start: int, end: int) -> bool:
        """Claim start to end. False, and nothing is claimed, where a part of it is somebody's already."""
        free = self.is_free(start, end)
        if free:
            self.take(start, end)
        return free

    def take(self, start: int, end: int) -> None:
        """Claim start to end, whoever has it."""
        self._places[start:end] = b"\1" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        return not any(self._places[start:end])


class Normaliser:
    """Makes texts alike that differ only in what carries no intent: case, digits, numbers of reports."""

    def __init__(self, reference_patterns: Iterable[str]) -> None:
        self._references = [re.compile(pattern, re.IGNORECASE) for pattern in reference_patterns]

    def __call__(self, text: str) -> str:
        if not (text.isascii() and text.isprintable()):  # those have nothing to normalise
            text = unicodedata.normalize("NFKC", text)
            text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
        for pattern in self._references:
            text = pattern.sub(" reference number ", text)
        text = _LINK.sub(" link ", _EMAIL.sub(" e-mail ", text))
        text = _SPACE.sub(" ", _DIGIT.sub("0", text)).strip().lower()
        if len(text) > LONGEST:  # people say what they want first or last
            text = f"{text[: LONGEST * 3 // 4]} {text[-LONGEST // 4 :]}"
        return text


@lru_cache(maxsize=4096)  # characters of all alphabets that are written here
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character
