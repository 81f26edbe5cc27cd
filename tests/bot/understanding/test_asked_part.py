"""Which part a question asks for, found by the first words of phrases, is what comparing it with every phrase finds."""

import random
from collections.abc import Sequence

import pytest

from bot.languages.follow_ups import FOLLOW_UPS
from bot.understanding.asked_part import Phrase, _Phrases


@pytest.mark.parametrize("code", sorted(FOLLOW_UPS))
def test_the_same_phrases_are_found_in_the_same_order(code: str) -> None:
    words = FOLLOW_UPS[code]
    filler = set(words.filler)
    for table in (words.parts, words.qualifiers):
        phrases = _Phrases(table, filler)
        ranked = sorted(phrase for beginning in phrases._beginning.values() for phrase in beginning)
        draw = random.Random(code)
        known = sorted({*phrases.words, *filler, "passport"})
        for _ in range(300):
            clause = draw.choices(known, k=draw.randint(1, 12))
            assert list(phrases.within(clause)) == _all_within([phrase for _, phrase in ranked], clause)


def test_a_phrase_stands_in_a_clause_with_other_words_between() -> None:
    phrases = _Phrases({"cost": ("how much pay", "cost"), "how": ("how",)}, {"how"})
    found = [name for _, name, _ in phrases.within(["how", "very", "much", "must", "i", "pay"])]
    assert found == ["cost", "how"]
    assert [name for _, name, _ in phrases.within(["pay", "how", "much"])] == ["how"]


def _all_within(ranked: Sequence[Phrase], clause: Sequence[str]) -> list[Phrase]:
    found = []
    for phrase in ranked:
        place = 0
        for word in clause:
            if place < len(phrase[0]) and word == phrase[0][place]:
                place += 1
        if place == len(phrase[0]):
            found.append(phrase)
    return found
