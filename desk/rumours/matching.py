"""Finds the rumour that a claim is: by meaning across languages where the bot gives vectors, else by words. Only what is sure is
answered at once; what is only alike is asked about ("Do you mean …?")."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from desk.knowledge.pages.vectors import Embeds, is_vector, likeness, signs_of
from desk.rumours.asking import negations_in, plain
from desk.store.pool import Executor
from desk.store.rumours import rumours
from desk.store.rumours.rumours import VerdictVersion

log = structlog.get_logger("rumours")

SURE, ALIKE = 0.8, 0.6
"""Likeness from which a claim is the same, and from which it may be. Measured by `python -m bench.rumours`."""
SAME_WORDS, SOME_WORDS = 0.8, 0.5
"""The same for the share of words that two texts have in common, without vectors."""
SECONDS = 0.8
"""How long somebody waits for the vector of their claim."""
CANDIDATES, OFFERED, READ = 24, 3, 500


@dataclass(frozen=True, slots=True)
class Match:
    """`sure`: the verdict on this claim. `alike`: verdicts on claims that it may be."""

    sure: VerdictVersion | None
    alike: Sequence[VerdictVersion]


class Matching:
    """Built once in a process. Without `embeds`, or while the bot does not answer it, words decide."""

    def __init__(self, executor: Executor, embeds: Embeds | None) -> None:
        self._executor = executor
        self._embeds = embeds

    async def find(self, claim: str) -> Match:
        """The verdicts on this claim."""
        newest = {one.rumour_id: one for one in await rumours.list_newest(self._executor, READ)}
        if not newest:
            return Match(None, ())
        scores = {id: _by_words(claim, one) for id, one in newest.items()}
        sure = [id for id, score in scores.items() if score >= SAME_WORDS]
        alike = {id: score for id, score in scores.items() if score >= SOME_WORDS}
        vector = await self.vector(claim)
        if vector is not None:
            near = await rumours.list_nearest(self._executor, signs_of(vector), CANDIDATES)
            for one in near:
                score = likeness(vector, one.vector)
                if one.rumour_id in newest and score >= ALIKE:
                    alike[one.rumour_id] = max(alike.get(one.rumour_id, 0.0), score)
                    if score >= SURE:
                        sure.append(one.rumour_id)
        best = sorted(alike, key=lambda id: (-alike[id], -id))
        if best and best[0] in sure and same_sense(claim, newest[best[0]]):
            return Match(newest[best[0]], ())
        return Match(None, [newest[id] for id in best[:OFFERED]])

    async def vector(self, claim: str) -> bytes | None:
        """The vector of a claim; None without the bot."""
        if self._embeds is None:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                (vector,) = await self._embeds.embed([claim])
        except Exception as error:
            log.info("claim_without_vector", error=type(error).__name__)
            return None
        return vector if is_vector(vector) else None


def same_sense(claim: str, version: VerdictVersion) -> bool:
    """Whether both have the same numbers, and neither denies what the other says: vectors hardly tell these apart."""
    return any(
        _numbers(claim) == _numbers(other) and negations_in(claim) == negations_in(other)
        for other in version.claims.values()
    )


def _by_words(claim: str, version: VerdictVersion) -> float:
    said = set(plain(claim).split())
    return max(
        (
            len(said & words) / len(said | words)
            for other in version.claims.values()
            if (words := set(plain(other).split()))
        ),
        default=0.0,
    )


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", text))
