"""Assigns roles to the words of a message: "get me a real person" is getting, me, filler, real, person.

Words are found as whole words, folded, in the tables of one language; the longest phrase wins. The time is
linear in the number of words, whatever they are: no pattern is tried twice at a position.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.understanding.text import tokens

Roles = frozenset[str]
NONE: Roles = frozenset()
_REMEMBERED = 64  # texts: each is searched for wishes, danger and cries for help
_SENTENCE_ENDS = frozenset(".!?;:…\n¡¿()。！？")
_APOSTROPHES = frozenset("'’`´-‐–")  # "j'ai", "y a-t-il": they separate words and end no clause


class Word(NamedTuple):
    """A word, or a phrase of the tables. `pause`: a comma or another sign follows."""

    text: str
    roles: Roles = NONE
    pause: bool = False


class RoleTable:
    """The tables of one language, prepared for lookups."""

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        roles: dict[tuple[str, ...], set[str]] = {}
        for role, phrases in table.items():
            for phrase in phrases:
                roles.setdefault(tuple(words_of(phrase)), set()).add(role)
        self._phrases = {phrase: frozenset(found) for phrase, found in roles.items()}
        self._longest: dict[str, int] = {}
        for phrase_words in self._phrases:
            first = phrase_words[0]
            self._longest[first] = max(len(phrase_words), self._longest.get(first, 0))
        self._read = lru_cache(maxsize=_REMEMBERED)(self._read_anew)

    def read(self, text: str) -> Sequence[Sequence[Word]]:
        """The sentences of a text, each as its words with their roles."""
        return self._read(text)

    def _read_anew(self, text: str) -> tuple[Sequence[Word], ...]:
        return tuple(self._sentence(sentence) for sentence in sentences_of(text))

    def _sentence(self, found: Sequence[Word]) -> Sequence[Word]:
        if self._longest.keys().isdisjoint(word.text for word in found):
            return found
        said: list[Word] = []
        place = 0
        while place < len(found):
            if found[place].text not in self._longest:
                said.append(found[place])
                place += 1
                continue
            key = self._phrase(found, place)
            last = place + len(key)
            roles = self._phrases.get(key)
            said.append(Word(" ".join(key), roles, found[last - 1].pause) if roles else found[place])
            place = last
        return said

    def _phrase(self, found: Sequence[Word], place: int) -> tuple[str, ...]:
        """The longest phrase of the tables that begins at `place`, else the one word."""
        longest = min(self._longest.get(found[place].text, 1), len(found) - place)
        for size in range(longest, 1, -1):
            key = tuple(word.text for word in found[place : place + size])
            if key in self._phrases and not any(word.pause for word in found[place : place + size - 1]):
                return key
        return (found[place].text,)


def ordered(codes: Iterable[str]) -> dict[str | None, tuple[str, ...]]:
    """For each language the codes with its own first; for None, or another language, as they are."""
    all_codes = tuple(codes)
    return {None: all_codes} | {
        code: (code, *(one for one in all_codes if one != code)) for code in all_codes
    }


def words_of(text: str) -> list[str]:
    """The words of a phrase, normalised for lookups."""
    return [token.word for token in tokens(text) if token.word[0].isalnum()]


@lru_cache(maxsize=_REMEMBERED)  # one message is read with the tables of each language
def sentences_of(text: str) -> tuple[tuple[Word, ...], ...]:
    """The sentences of a text, without roles."""
    sentences: list[list[Word]] = [[]]
    line = 0
    for token in tokens(text):
        if "\n" in text[line : token.start] and sentences[-1]:
            sentences.append([])
        line = token.start
        if token.word[0].isalnum():
            sentences[-1].append(Word(token.word))
        elif token.word in _APOSTROPHES:
            continue
        elif token.word in _SENTENCE_ENDS:
            if sentences[-1]:
                sentences.append([])
        elif sentences[-1]:
            sentences[-1][-1] = Word(sentences[-1][-1].text, pause=True)
    return tuple(tuple(sentence) for sentence in sentences if sentence)
