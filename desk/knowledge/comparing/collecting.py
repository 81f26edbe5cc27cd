"""Gives the trainer the questions that two models are compared on, masked: the last ones, or a share of today's as they come."""

import asyncio
from datetime import timedelta

import structlog

from desk.knowledge.unanswered.masking import mask_question
from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store.knowledge import comparisons
from desk.store.pool import Store

log = structlog.get_logger("comparing")

EVERY = 10.0
MOST = 2_000
"""Questions of a run."""
AT_ONCE = 200
"""Questions of shadow mode in one go."""
SETTLED = timedelta(seconds=5)
"""A turn that began before is committed by then."""
KEPT = timedelta(days=180)


class ComparedQuestions:
    """Built once by the worker. Several workers do no harm: each comparison is locked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set."""
        await repeat(self.collect, stop, log, "comparing_broke", every=EVERY)

    async def collect(self) -> None:
        """What a run and shadow mode want now."""
        now = self._clock()
        async with self._store.transaction() as transaction:
            run = await comparisons.get_asked_for(transaction)
            if run is not None:
                found = await comparisons.list_last(transaction, MOST)
                masked = await asyncio.to_thread(_masked, found)
                await comparisons.add_questions(transaction, run, masked, with_old=False)
                await comparisons.mark_collected(transaction, run, now)
                log.info("comparison_collected", count=len(masked))
        async with self._store.transaction() as transaction:
            shadow = await comparisons.get_shadowing(transaction)
            if shadow is not None:
                id, share, since = shadow
                until = now - SETTLED
                found = await comparisons.list_shared(transaction, since, until, share, AT_ONCE)
                await comparisons.add_questions(transaction, id, _masked(found), with_old=True)
                if len(found) < AT_ONCE and until > since:
                    await comparisons.mark_collected(transaction, id, until)
                elif found:
                    await comparisons.mark_collected(transaction, id, found[-1].asked_at)
        await comparisons.delete_old(self._store.pool, now - KEPT)


def _masked(found: list[comparisons.Candidate]) -> list[tuple[comparisons.Candidate, str]]:
    return [(one, mask_question(one.text, one.names)) for one in found]
