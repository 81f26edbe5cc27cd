"""Street names of the city's gazetteer in a text, with house number, typos and abbreviations.

"12 Mil Lane", "mill ln 12", "calle Mill n.º 12", "12, rue Mill"   ->  address "12 Mill Lane"
"corner of Mill Lane and Elm St"                                   ->  address "Mill Lane / Elm Street"
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.languages import WORDS
from bot.understanding.entities.phrases import Beginnings
from bot.understanding.spelling.correct import Corrector
from bot.understanding.text import Claimed, Token, fold, tokens


def _words(field: str, *signs: str) -> frozenset[str]:
    """The words of this field in all languages, since people mix them, and signs that have no language."""
    return frozenset(word for words in WORDS.values() for word in getattr(words, field).split()) | {*signs}


SHORT = {short: kind for words in WORDS.values() for short, kind in words.street_short.items()}
KINDS = _words("streets_after")
KINDS_BEFORE = _words("streets_before")
BETWEEN = _words("crossing", "&", "/")
BEFORE_NUMBER = _words("before_number", ",", "nº", "°", "º", "#", ".")
ON_STREET = _words("on_street")
# "opposite number 12 on Mill Lane", "frente al 9 de la calle"; "I saw 3 on Mill Lane" is no address.
NUMBER_NEXT = _words("number_next", "nº", "º", "°", ".", "#")
UNITS = _words("units", "%")
_AFTER_NAME = BETWEEN | BEFORE_NUMBER | ON_STREET | NUMBER_NEXT
_NUMBER = re.compile(r"\d{1,5}[a-z]?")


@dataclass(frozen=True)
class Place:
    """`street` as the gazetteer writes it; `address` with number or crossing; offsets in the text."""

    street: str
    address: str
    start: int
    end: int


class Streets:
    """Finds the streets of one gazetteer."""

    def __init__(self, vocab: Vocab, names: Iterable[str]) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab)
        names = list(names)
        short = Counter(base_of(name) for name in names)
        words: set[str] = set()
        self._beginnings = Beginnings()
        for name in names:
            forms = [fold(name)]
            base = base_of(name)
            if base and short[base] == 1 and base != fold(name):
                forms += [f"{kind} {base}" for kind in sorted(KINDS_BEFORE)]
            written = [[token.word for token in tokens(form)] for form in forms]
            docs = [self._doc(phrase) for phrase in written]
            self._matcher.add(name, docs)
            self._beginnings.add(written)
            words.update(token.text for doc in docs for token in doc)
        self._correct = Corrector(words)

    def find(self, written: list[Token], text: str = "") -> list[Place]:
        """Places in order of appearance; nothing overlaps. `text`: as written, with its capitals."""
        if not written:
            return []
        folded = [token.word for token in written]
        known = [self._correct(SHORT.get(word, word)) for word in folded]
        if not self._beginnings.any_in(known):
            return []
        doc = self._doc(known)
        matches = [(start, end, self._vocab.strings[key]) for key, start, end in self._matcher(doc)]
        spans = _longest([one for one in matches if not _goes_on(written, known, text, *one[:2])])
        places: list[Place] = []
        joined = False
        for place, (start, end, name) in enumerate(spans):
            if joined:  # it was named together with the street before it
                joined = False
                continue
            first, last, address = _with_number(folded, start, end, name)
            following = spans[place + 1] if place + 1 < len(spans) else None
            if address == name and following and _joined(folded, end, following[0]):
                address, last, joined = f"{name} / {following[2]}", following[1], True
            places.append(Place(name, address, written[first].start, written[last - 1].end))
        return places

    def _doc(self, words: list[str]) -> Doc:
        return Doc(self._vocab, words=words)


def _goes_on(written: list[Token], known: list[str], text: str, start: int, end: int) -> bool:
    """Whether a name after another language's kind is only like ours, and goes on: "rue Victor Hugo" is no Victory Avenue."""
    alike = [token.word for token in written[start + 1 : end]] != known[start + 1 : end]
    if known[start] not in KINDS_BEFORE or not alike or end >= len(written):
        return False
    following = written[end]
    if not following.word.isalpha() or following.word in _AFTER_NAME:
        return False
    return text[following.start : following.end].istitle() or not any(
        t.word.isalpha() for t in written[end + 1 :]
    )


def _with_number(words: list[str], start: int, end: int, name: str) -> tuple[int, int, str]:
    """First and last + 1 token of the street with its house number, and the address."""
    before = start - 2 if start > 1 and words[start - 1] == "," else start - 1
    if before >= 0 and _NUMBER.fullmatch(words[before]):
        return before, end, f"{words[before].upper()} {name}"
    if (
        start > 2
        and words[start - 1] in ON_STREET
        and _NUMBER.fullmatch(words[start - 2])
        and words[start - 3] in NUMBER_NEXT
    ):
        return start - 2, end, f"{words[start - 2].upper()} {name}"
    after = end
    while after < len(words) and after < end + 3 and words[after] in BEFORE_NUMBER:
        after += 1
    if (
        after < len(words)
        and _NUMBER.fullmatch(words[after])
        and not UNITS.intersection(words[after + 1 : after + 2])
    ):
        return start, after + 1, f"{words[after].upper()} {name}"
    return start, end, name


def _joined(words: list[str], end: int, start: int) -> bool:
    gap = words[end:start]
    return 0 < len(gap) <= 2 and any(word in BETWEEN for word in gap)


def base_of(name: str) -> str:
    """The name without its kind: "mill" of "Mill Lane", "" if nothing is left or there is no kind."""
    words = fold(name).split()
    if len(words) > 1 and words[-1] in KINDS:
        return " ".join(words[:-1])
    if len(words) > 1 and words[0] in KINDS_BEFORE:
        return " ".join(words[1:])
    return ""


def _longest(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    claimed = Claimed(max((end for _, end, _ in spans), default=0))
    longest_first = sorted(spans, key=lambda s: (s[0] - s[1], s[0]))
    return sorted(span for span in longest_first if claimed.claim(span[0], span[1]))
