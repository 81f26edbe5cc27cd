"""Finds the intended word: one error in words of four letters or more, two in words of eight or more.

Words are indexed by their deletion variants, so that the lookup time does not
grow with the number of streets. The first letter must be right: people rarely mistype it, and it keeps
"hill" from becoming "mill". So it is never deleted.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

WORDS_KEPT = 4096  # cached lookups of unknown words
NOTHING = "_"  # spaCy stores every word that it sees, so unknown words must not reach it


class Corrector:
    """Known words (lower case, accents folded) and their deletion variants.

    Words shorter than `forgive_from` letters must be spelled correctly.
    """

    def __init__(self, words: Iterable[str], forgive_from: int = 4) -> None:
        self._words = frozenset(words)
        self._nearest = lru_cache(maxsize=WORDS_KEPT)(self._find)
        self._by_remains: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            if len(word) < forgive_from:
                continue
            for rest in remains(word, slips(word)):
                self._by_remains[rest].add(word)

    def __call__(self, word: str) -> str:
        """Returns the known word that `word` stands for, else NOTHING."""
        return word if word in self._words else self._nearest(word)

    def _find(self, word: str) -> str:
        if not word.isalpha() or not 2 < len(word) < 25:
            return NOTHING
        depth = max(1, slips(word))  # "mil" may lack a letter
        rests = self._by_remains.keys() & remains(word, depth)
        found = {known for rest in rests for known in self._by_remains[rest]}
        near = [(distance(word, known), known) for known in found]
        near = [(d, known) for d, known in near if d <= slips(known)]
        return min(near)[1] if near else NOTHING


def slips(word: str) -> int:
    """The number of errors allowed."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def distance(a: str, b: str) -> int:
    """The number of insertions, deletions, replacements and swaps of adjacent letters from `a` to `b`."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        last, row_before, row = row, before, [i]
        for j, right in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, row_before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]


@lru_cache(maxsize=256)  # streets and services look up the same words
def remains(word: str, depth: int) -> frozenset[str]:
    """Returns `word` and its variants with up to `depth` (at most 2) letters after the first deleted."""
    once = {word[:place] + word[place + 1 :] for place in range(1, len(word))} if depth else set()
    if depth < 2:
        return frozenset({word, *once})
    # the second deletion comes after the first, so that no pair is repeated
    twice = {
        word[:first] + word[first + 1 : second] + word[second + 1 :]
        for first in range(1, len(word))
        for second in range(first + 1, len(word))
    }
    return frozenset({word, *once, *twice})
