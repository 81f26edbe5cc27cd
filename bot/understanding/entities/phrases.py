"""Finds phrases by name: whole words in any language, tolerating small errors, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.spelling.correct import Corrector
from bot.understanding.text import Claimed, Token, tokens


class Beginnings:
    """The first two words of each phrase. Few texts have them, so that few are read by spaCy, which takes longer than all else here."""

    def __init__(self) -> None:
        self._pairs: set[tuple[str, ...]] = set()
        self._first: set[str] = set()

    def add(self, phrases: Iterable[list[str]]) -> None:
        for phrase in phrases:
            self._pairs.add(tuple(phrase[:2]))
            self._first.add(phrase[0])

    def any_in(self, words: list[str]) -> bool:
        """Whether a phrase may begin somewhere in the words."""
        return any(
            word in self._first and ((word,) in self._pairs or tuple(words[place : place + 2]) in self._pairs)
            for place, word in enumerate(words)
        )


class Phrases:
    """`phrases` maps a name to what people write for it. Words of at least `forgive_from` letters may have one error."""

    def __init__(self, vocab: Vocab, phrases: Mapping[str, Iterable[str]], *, forgive_from: int = 6) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab)
        words: set[str] = set()
        self._beginnings = Beginnings()
        for name, spoken in phrases.items():
            written = [[token.word for token in tokens(phrase)] for phrase in spoken]
            if written:
                self._matcher.add(name, [Doc(vocab, words=phrase) for phrase in written])
                self._beginnings.add(written)
            words.update(word for phrase in written for word in phrase)
        self._correct = Corrector(words, forgive_from=forgive_from)

    def find(self, written: list[Token]) -> list[tuple[int, int, str]]:
        """(start, end, name) in the order of the text; nothing overlaps."""
        if not written:
            return []
        known = [self._correct(token.word) for token in written]
        if not self._beginnings.any_in(known):
            return []
        doc = Doc(self._vocab, words=known)
        spans = sorted(self._matcher(doc), key=lambda span: (span[1] - span[2], span[1]))
        claimed = Claimed(len(written))
        return sorted(
            (written[first].start, written[end - 1].end, self._vocab.strings[key])
            for key, first, end in spans
            if claimed.claim(first, end)
        )
