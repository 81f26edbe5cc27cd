"""The outcome of a call to the back end: the request's new state and the message to the citizen, in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from random import SystemRandom
from typing import Literal

import structlog

from backends.base import (
    BackendError,
    Filed,
)
from desk.model import Clock
from desk.runtime.timing import FilingTiming
from desk.store import requests
from desk.store.pool import Executor, Store
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("desk.requests")

News = Literal["filed", "filing_delayed", "filing_refused"]
Tell = Callable[[Executor, ServiceRequestRow, News, Mapping[str, object]], Awaitable[None]]
"""Tells the citizen, in the transaction of the change. Variables: `reference` and `notice` (both may
be None) with `filed`, `reasons` with `filing_refused`."""


class FilingOutcomes:
    """`jitter` takes the longest wait in seconds and returns the wait."""

    def __init__(
        self,
        store: Store,
        tell: Tell,
        clock: Clock,
        timing: FilingTiming,
        jitter: Callable[[float], float] | None = None,
    ) -> None:
        self._store = store
        self._tell = tell
        self._clock = clock
        self._timing = timing
        self._jitter = jitter or (lambda most: SystemRandom().uniform(0, most))

    async def taken(self, row: ServiceRequestRow, filed: Filed) -> None:
        """The back end accepted it: with a number, or with a token for one."""
        now = self._clock()
        async with self._store.transaction() as connection:
            if filed.reference is None and filed.token is not None:
                due = now + timedelta(seconds=self._jitter(self._timing.base))
                await requests.mark_awaiting_reference(connection, row, filed.token, now, due)
                return
            if await requests.mark_filed(connection, row, filed.reference, now):
                variables = {"reference": filed.reference, "notice": filed.notice}
                await self._tell(connection, row, "filed", variables)
                log.info("filed", request=str(row.id), backend=row.backend, attempts=row.attempts)

    async def refused(self, row: ServiceRequestRow, errors: tuple[tuple[str, str], ...]) -> None:
        """The back end refuses it: the citizen is told, and a person takes over."""
        async with self._store.transaction() as connection:
            why = "; ".join(f"{code}: {words}" for code, words in errors)[:2000]
            if await requests.mark_refused(connection, row, why, self._clock()):
                reasons = [words for _, words in errors]
                await self._tell(connection, row, "filing_refused", {"reasons": reasons})
                log.warning("filing_refused", request=str(row.id), backend=row.backend)

    async def later(
        self,
        row: ServiceRequestRow,
        state: str,
        error: str | None,
        *,
        longest: float | None = None,
        tell: bool = True,
        resting: float | None = None,
    ) -> None:
        """Retry later, in this state. `resting` (seconds): the back end was not called, so this does not count as an attempt and adds no
        back-off."""
        now = self._clock()
        if resting is None:
            wait = self._jitter(
                min(longest or self._timing.longest, self._timing.base * 2 ** min(row.attempts, 30))
            )
        else:
            wait = resting + self._jitter(max(resting, self._timing.base))
        due = now + timedelta(seconds=wait)
        async with self._store.transaction() as connection:
            if not await requests.mark_put_off(
                connection, row, state, error, now, due, tried=resting is None
            ):
                return
            if tell and await requests.mark_told(connection, row):
                await self._tell(connection, row, "filing_delayed", {})
        log.info(
            "filing_put_off", request=str(row.id), backend=row.backend, state=state, attempts=row.attempts
        )

    def alarm(self, row: ServiceRequestRow, error: BackendError) -> None:
        """The key is refused: only an operator can help."""
        log.error("backend_refuses_key", request=str(row.id), backend=row.backend, error=type(error).__name__)
