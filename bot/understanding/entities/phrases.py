"""Finds phrases by name: whole words in any language, tolerating small errors, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.understanding.spelling.correct import NOTHING, Corrector
from bot.understanding.text import Claimed, Token, tokens


class Phrases:
    """`phrases` maps a name to what people write for it. Words of at least `forgive_from` letters may have one error."""

    def __init__(self, vocab: Vocab, phrases: Mapping[str, Iterable[str]], *, forgive_from: int = 6) -> None:
        self._vocab = vocab
        self._matcher = PhraseMatcher(vocab)
        words: set[str] = set()
        for name, spoken in phrases.items():
            written = [[token.word for token in tokens(phrase)] for phrase in spoken]
            if written:
                self._matcher.add(name, [Doc(vocab, words=phrase) for phrase in written])
            words.update(word for phrase in written for word in phrase)
        self._correct = Corrector(words, forgive_from=forgive_from)

    def find(self, written: list[Token]) -> list[tuple[int, int, str]]:
        """(start, end, name) in the order of the text; nothing overlaps."""
        if not written:
            return []
        known = [self._correct(token.word) for token in written]
        if known.count(NOTHING) == len(known):
            return []
        doc = Doc(self._vocab, words=known)
        spans = sorted(self._matcher(doc), key=lambda span: (span[1] - span[2], span[1]))
        claimed = Claimed(len(written))
        return sorted(
            (written[first].start, written[end - 1].end, self._vocab.strings[key])
            for key, first, end in spans
            if claimed.claim(first, end)
        )
