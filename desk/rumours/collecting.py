"""Puts claims into rumours by meaning, across languages, with the vectors and the likeness of unanswered questions; and keeps the
vectors of claims in editors' words. A claim joins a rumour that has a verdict only where it is sure, and then its author is told."""

import asyncio
from datetime import timedelta

import structlog

from desk.knowledge.pages.vectors import AT_ONCE, Embeds, is_vector, likeness, signs_of
from desk.knowledge.unanswered.masking import mask_question
from desk.model import Clock
from desk.rumours.asking import plain, read_claim
from desk.rumours.matching import ALIKE, CANDIDATES, SURE, same_sense
from desk.runtime.periodic import repeat
from desk.store.pool import Executor, Store
from desk.store.rumours import claims, people, rumours
from desk.store.rumours.claims import Claim

log = structlog.get_logger("rumours")

EVERY = 2.0
"""Seconds between two looks."""
KEPT = timedelta(days=180)
WITHOUT_VECTOR = timedelta(minutes=5)
"""A claim that gets no vector in this time is a rumour of its own: editors see it, and the bot's absence hides nothing."""


class ClaimGroups:
    """Built once by the worker; any number of workers may run it at the same time."""

    def __init__(self, store: Store, embeds: Embeds | None, clock: Clock) -> None:
        self._store = store
        self._embeds = embeds
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Group until `stop` is set."""
        await repeat(self.group, stop, log, "rumours_broke", every=EVERY)

    async def group(self) -> int:
        """Put claims into rumours; returns how many."""
        await self._keep_vectors()
        now = self._clock()
        async with self._store.transaction() as transaction:
            waiting = await claims.list_without_rumour(transaction, AT_ONCE)
            vectors = await self._vectors([_text(one) for one in waiting])
            done = 0
            for one, vector in zip(waiting, vectors, strict=True):
                if vector is not None or one.asked_at < now - WITHOUT_VECTOR or self._embeds is None:
                    await self._place(transaction, one, vector)
                    done += 1
            await claims.delete_old(transaction, now - KEPT)
        return done

    async def _place(self, transaction: Executor, one: Claim, vector: bytes | None) -> None:
        id = await self._nearest(transaction, _text(one), vector)
        now = self._clock()
        if id is None or not await rumours.lock(transaction, id):
            id = await rumours.add_rumour(transaction, now)
            if vector is not None:
                await rumours.add_vector(transaction, id, "claim", vector, signs_of(vector))
        await claims.set_rumour(transaction, one.message_id, id)
        if (verdict := await rumours.get_newest(transaction, id)) is not None:
            await people.add_people(transaction, id, verdict.version, now)
        log.info("claim_grouped", message=str(one.message_id), rumour=id)

    async def _nearest(self, transaction: Executor, text: str, vector: bytes | None) -> int | None:
        if vector is None:
            return None
        best: tuple[float, int] | None = None
        for near in await rumours.list_nearest(transaction, signs_of(vector), CANDIDATES):
            score = likeness(vector, near.vector)
            if near.published:
                verdict = await rumours.get_newest(transaction, near.rumour_id)
                fits = score >= SURE and verdict is not None and same_sense(text, verdict)
            else:
                fits = score >= ALIKE
            if fits and (best is None or (score, -near.rumour_id) > (best[0], -best[1])):
                best = (score, near.rumour_id)
        return best[1] if best else None

    async def _vectors(self, texts: list[str]) -> list[bytes | None]:
        if self._embeds is None or not texts:
            return [None] * len(texts)
        try:
            found = await self._embeds.embed(texts)
        except Exception as error:
            log.info("claims_without_vectors", error=type(error).__name__)
            return [None] * len(texts)
        return [one if is_vector(one) else None for one in found]

    async def _keep_vectors(self) -> None:
        """Claims in editors' words are recognised too, in each language; and a claim that an editor took out of another rumour."""
        lacking = await rumours.list_without_vectors(self._store.pool, AT_ONCE)
        first = await claims.list_first_without_vector(self._store.pool, AT_ONCE - len(lacking))
        lacking += [(id, "claim", _text(one)) for id, one in first]
        vectors = await self._vectors([text for _, _, text in lacking])
        for (id, source, _), vector in zip(lacking, vectors, strict=True):
            if vector is not None:
                await rumours.add_vector(self._store.pool, id, source, vector, signs_of(vector))


def _text(one: Claim) -> str:
    """The claim, masked as editors see it."""
    masked = mask_question(read_claim(one.text, one.language) or one.text, one.names)
    return masked if plain(masked) else "?"
