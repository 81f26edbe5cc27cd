"""Which part of an answer a short question asks for: "how much?", "¿y para los niños?", "où ça ?". Needs no model. Pure.

The words come from bot/languages/follow_ups. Words that are in no table may name another topic;
bot/turn/follow_up.py decides what follows from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.languages import WORDS
from bot.languages.follow_ups.words import FollowUpWords
from bot.understanding.spelling.correct import NOTHING, Corrector
from bot.understanding.text import tokens

LONGEST = 14  # words; a longer message is complete by itself
MOST_PARTS = 3
HOW = "how"
_ENDS = frozenset("?!.;,:¿？")

Phrase = tuple[tuple[str, ...], str, int]
"""Words, the part or qualifier they ask for, and its index in the table."""


@dataclass(frozen=True)
class Asked:
    """`parts` and `qualifiers` in the order they were asked for; `narrowing` are the words of the qualifiers.

    `words` are all of them, `said` all but the fillers, `left` those that are in no table. `also`: it begins as an
    addition to the question before.
    """

    parts: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    also: bool = False


class AskedParts:
    """Reads questions of one language."""

    def __init__(self, code: str, words: FollowUpWords) -> None:
        self._filler = {*words.filler, *(join for join in WORDS[code].joining if " " not in join)}
        self._parts = _Phrases(words.parts, self._filler)
        self._qualifiers = _Phrases(words.qualifiers, self._filler)
        self._also = [tuple(said.split()) for said in words.also]
        self._never = {tuple(said.split()) for said in words.never}
        self._joins = {join for join in WORDS[code].joining if " " not in join}
        self._known = {
            *self._filler,
            *(word for said in self._also for word in said),
            *self._parts.words,
            *self._qualifiers.words,
        }
        self._correct = Corrector(word for word in self._known if len(word) > 3)

    def __call__(self, text: str, is_word: Callable[[str], bool] | None = None) -> Asked | None:
        """None if it is too long, or one of the sentences that are never follow-ups. With `is_word`, a word
        that does not exist counts as the table's word that is one typing error away."""
        clauses = _clauses(text, self._joins)
        written = tuple(word for clause in clauses for word in clause)
        said = [word for word in written if word not in self._joins]
        if not written or len(written) > LONGEST or written in self._never or tuple(said) in self._never:
            return None
        if is_word:
            clauses = [
                [word if word in self._known or is_word(word) else self._mended(word) for word in clause]
                for clause in clauses
            ]
        parts: list[tuple[str, bool]] = []
        qualifiers: list[tuple[str, tuple[str, ...]]] = []
        for clause in clauses:
            asked = next(self._parts.within(clause), None)
            if asked is not None:
                parts.append((asked[1], clause[0] in self._joins))
            qualifiers += [(name, words) for words, name, _ in self._narrowed(clause)]
        return Asked(
            parts=_once(parts)[:MOST_PARTS],
            qualifiers=tuple(dict.fromkeys(name for name, _ in qualifiers))[:MOST_PARTS],
            narrowing=tuple(word for _, words in qualifiers for word in words),
            words=written,
            left=tuple(word for clause in clauses for word in clause if word not in self._known),
            said=tuple(word for clause in clauses for word in clause if word not in self._filler),
            also=any(written[: len(start)] == start for start in self._also),
        )

    def _narrowed(self, clause: Sequence[str]) -> list[Phrase]:
        found: dict[str, Phrase] = {}
        for phrase in self._qualifiers.within(clause):
            found.setdefault(phrase[1], phrase)
        return list(found.values())

    def _mended(self, word: str) -> str:
        meant = self._correct(word)
        return word if meant == NOTHING else meant


class _Phrases:
    """Those with most content words first, then the longest, then in the table's order. A clause is compared with the
    phrases that begin with one of its words, and not with all thousand."""

    def __init__(self, table: Mapping[str, Sequence[str]], filler: set[str]) -> None:
        listed = [
            (tuple(said.split()), name, place)
            for place, (name, phrases) in enumerate(table.items())
            for said in phrases
        ]

        def rank(phrase: Phrase) -> tuple[int, int, int]:
            return -sum(word not in filler for word in phrase[0]), -len(phrase[0]), phrase[2]

        self._beginning: dict[str, list[tuple[int, Phrase]]] = {}
        for number, phrase in enumerate(sorted(listed, key=rank)):
            self._beginning.setdefault(phrase[0][0], []).append((number, phrase))
        self.words = frozenset(word for phrase in listed for word in phrase[0])

    def within(self, clause: Sequence[str]) -> Iterator[Phrase]:
        """The phrases whose words stand in the clause in their order, with others between them or not; the best first."""
        likely = [one for word in dict.fromkeys(clause) for one in self._beginning.get(word, ())]
        for _, phrase in sorted(likely):
            rest = iter(clause)
            if all(word in rest for word in phrase[0]):
                yield phrase


def _once(parts: Sequence[tuple[str, bool]]) -> tuple[str, ...]:
    """Each part once. "I lost it, how do I do that?" asks one thing, "how much, and how do I do that?" two."""
    named = [name for name, joined in parts if name != HOW or joined or len(parts) == 1]
    return tuple(dict.fromkeys(named or [name for name, _ in parts]))


def _clauses(text: str, joins: set[str]) -> list[list[str]]:
    """The words of each clause; a clause begins with the word that joins it to the one before."""
    clauses: list[list[str]] = [[]]
    for token in tokens(text):
        if token.word in _ENDS:
            clauses.append([])
        elif token.word in joins:
            clauses.append([token.word])
        elif token.word[0].isalnum():
            clauses[-1].append(token.word)
    return [clause for clause in clauses if clause]
