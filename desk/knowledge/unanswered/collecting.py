"""Collects the questions that were not answered, and groups those with the same meaning, across languages. The
first question of a group represents it: the next one joins the most similar group if it is similar enough, and otherwise
starts a new one. The same questions in the same order form the same groups."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import structlog

from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.vectors import AT_ONCE, Embeds, is_vector, likeness, signs_of
from desk.knowledge.unanswered.masking import mask_question
from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store.knowledge import unanswered
from desk.store.periodic_tasks import mark_claimed
from desk.store.pool import Store
from desk.store.replies import proposals

log = structlog.get_logger("unanswered")

LOOK, EVERY = 20.0, timedelta(seconds=50)
"""Seconds between two looks, and how often one worker does it for all."""
LATER = timedelta(minutes=15)
"""A question is looked at when what followed it is known."""
STEP, BEFORE = timedelta(hours=6), timedelta(days=30)
"""How much time is looked at in one go, and how far back at first."""
KEPT = timedelta(days=180)
REPLIED, SHORTEST_REPLY = timedelta(days=14), 40
"""How long after a question an agent's reply to it is still proposed as an answer, and its characters: a greeting is none."""
LIKE = 0.6
"""Likeness from which two questions are in one group. Of 1,500 training questions on 70 topics a third joined a group, 81 % of
these one of their own topic, and more than half of them one of another language."""
CANDIDATES = 12


class UnansweredQuestions:
    """Built once by the worker. Without a bot that gives vectors, questions wait for their group."""

    def __init__(self, store: Store, catalog: Catalog, embeds: Embeds | None, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._embeds = embeds
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set."""
        await repeat(self.run_due, stop, log, "unanswered_broke", every=LOOK)

    async def run_due(self) -> None:
        """Collect and group, if it is time and no other worker does."""
        if await mark_claimed(self._store.pool, "unanswered", EVERY):
            await self.collect()
            await self.group()

    async def collect(self) -> int:
        """Add what was asked since the last time; delete what is too old. Returns how many questions are new."""
        now = self._clock()
        since = await unanswered.get_progress(self._store.pool) or now - BEFORE
        added = 0
        while since < now - LATER:
            until = min(now - LATER, since + STEP)
            async with self._store.transaction() as transaction:
                added += await unanswered.add_unanswered(transaction, since, until, self._topics())
            since = until
        await unanswered.delete_old(self._store.pool, now - KEPT)
        if added:
            log.info("unanswered_collected", count=added)
        await proposals.add_unanswered(self._store.pool, now - REPLIED, SHORTEST_REPLY)
        return added

    async def group(self) -> int:
        """Put some questions that are in no group into one; returns how many. The bot may not be up: then later."""
        waiting = await unanswered.list_without_group(self._store.pool, AT_ONCE)
        if not waiting or self._embeds is None:
            return 0
        try:
            vectors = await self._embeds.embed([mask_question(one.text, one.names) or "?" for one in waiting])
        except Exception as error:
            log.info("unanswered_without_vectors", error=type(error).__name__)
            return 0
        async with self._store.transaction() as transaction:
            for one, vector in zip(waiting, vectors, strict=True):
                if is_vector(vector):
                    near = await unanswered.list_nearest(transaction, signs_of(vector), CANDIDATES)
                    id = nearest(vector, near)
                    if id is None:
                        id = await unanswered.add_group(transaction, vector, signs_of(vector))
                    await unanswered.set_group(transaction, one.message_id, id)
        return len(waiting)

    def _topics(self) -> list[str]:
        return sorted(self._catalog.answers)


def nearest(vector: bytes, groups: Collection[tuple[int, bytes]]) -> int | None:
    """The group that is most like this vector, None if none is enough; of two alike the older."""
    scored = [(likeness(vector, other), -id) for id, other in groups]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= LIKE else None
