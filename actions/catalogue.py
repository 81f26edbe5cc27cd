"""The services from a back end's own list (`catalogue: true` in city.yml), found by a citizen's words.

No training or code per service is needed: the words of names, keywords, descriptions and groups are compared, weighted by
rarity.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.languages import WORDS
from actions.words import fold
from backends.base import BackendError, Catalogued, Service
from city.catalogue.words import NO_WORDS, CatalogueWords, ServiceWords

SECONDS = 2.0  # that a citizen waits; the client keeps the list for an hour
MOST = 4
"""Services that are close to each other, of which the citizen chooses one."""
LONGEST = 500  # characters of a text that are compared
CLOSE = 0.7  # of the best one's points
ENOUGH = 0.5
"""Of the weight of a text's words that the best service has, from which it is meant."""
_NAME, _KEYWORDS, _DESCRIPTION, _GROUP = 1.0, 1.0, 0.6, 0.3
_EMPTY = frozenset(word for words in WORDS.values() for word in fold(words.empty).split())
_GENERIC = frozenset(
    ["complaint", "request", "service", "report", "other", "general", "inquiry", "issue", "problem", "city"]
)
"""Words of names that tell nothing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A service under our code for it, and the weight of each of its words; `own` is how many of them are the back end's."""

    code: str
    service: Service
    words: Mapping[str, float]
    own: int


class Catalogue:
    """`taken` are (back end, code) that the city's own catalogue has under a name of its own. `words` are those that
    editors add, in any language."""

    def __init__(
        self,
        backends: Mapping[str, Catalogued],
        taken: Iterable[tuple[str, str]] = (),
        words: CatalogueWords | None = None,
    ) -> None:
        self._words = words or {}
        self._backends = backends
        self._taken = frozenset(taken)
        self._of: dict[str, list[Listed]] = {}
        self._seen: dict[str, list[Service]] = {}
        self._rare: Mapping[str, float] = {}

    async def renew(self) -> None:
        """Read the lists again. A back end that does not answer in time keeps the services that it had."""
        renewed = False
        for name, backend in self._backends.items():
            try:
                async with asyncio.timeout(SECONDS):
                    services = await backend.listed()
            except (BackendError, TimeoutError):
                continue
            if services == self._seen.get(name):
                continue
            self._seen[name] = services
            self._of[name] = [
                Listed(
                    f"{name}:{one.code}",
                    one,
                    _weights(one, self._words.get(name, {}).get(one.code, NO_WORDS)),
                    len(_weights(one)),
                )
                for one in services
                if (name, one.code) not in self._taken
            ]
            renewed = True
        if not renewed:
            return
        every = self._every()
        count = Counter(word for one in every for word in one.words)
        self._rare = {word: math.log(1 + len(every) / number) for word, number in count.items()}

    def get(self, code: str) -> Service | None:
        """The service with this code of ours."""
        return next((one.service for one in self._every() if one.code == code), None)

    def codes(self) -> list[str]:
        """Ours for all of them, in the back ends' order."""
        return [one.code for one in self._every()]

    def matching(self, text: str) -> tuple[str, ...]:
        """The codes that a text most likely means, the best first: one if it is clear, several if they are close, none if
        nothing fits."""
        said = {word: self._rare.get(word, 0.0) for word in _words(text[:LONGEST])}
        points = [
            (sum(said[word] * weight for word, weight in one.words.items() if word in said), one)
            for one in self._every()
        ]
        best = max((number for number, _ in points), default=0.0)
        names = [one for number, one in points if number == best and best > 0]
        if not names or best < ENOUGH * max(said.values(), default=0.0):
            return ()
        close = sorted(
            ((number, one) for number, one in points if number >= CLOSE * best),
            key=lambda found: (-found[0], found[1].own),
        )
        return tuple(one.code for _, one in close[:MOST])

    def _every(self) -> list[Listed]:
        return [one for listed in self._of.values() for one in listed]


def _weights(service: Service, added: ServiceWords = NO_WORDS) -> Mapping[str, float]:
    found: dict[str, float] = {}
    keywords = (*service.keywords, *(word for words in added.keywords.values() for word in words))
    for text, weight in (
        (service.group or "", _GROUP),
        (service.description, _DESCRIPTION),
        (" ".join(keywords), _KEYWORDS),
        (" ".join((service.name, *added.name.values())), _NAME),
    ):
        for word in _words(text):
            found[word] = max(weight, found.get(word, 0.0))
    return found


def _words(text: str) -> set[str]:
    """The words that tell something, without the ending of a plural."""
    told = (word for word in fold(text).replace(".", " ").replace("+", " ").split() if len(word) > 1)
    return {_stem(word) for word in told if word not in _EMPTY and word not in _GENERIC}


def _stem(word: str) -> str:
    """ "holes" and "hole", "lights" and "light", "bodies" and "body" are the same; so are "baches" and "bache"."""
    for ending, short in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("ing", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + short
    return word
