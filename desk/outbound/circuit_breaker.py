"""Decides whether an inbox may send now: rate limits, the circuit breaker, and inboxes stopped by their
provider.

open ── 50 errors in 60 s ──> paused ── time over ──> one probe ── taken ──> open
  │                              ▲                        └── error ──> paused, longer
  └── InboxBroken ──> stopped: until a person resumes it (console, or `python -m desk.inboxes resume NAME`)
"""

import time
from collections import deque
from collections.abc import Callable, Mapping

import structlog

from channels.base import Channel, InboxBroken, RetryLater
from desk.outbound.rate_limits import RateLimits
from desk.runtime.timing import BreakerTiming
from desk.store.outbound import inbox_health as health
from desk.store.pool import Store

log = structlog.get_logger("delivery")

NOTED_EVERY = 10.0  # seconds between two records that an inbox works


class CircuitBreaker:
    """One for each worker; its decisions are stored in the database for all workers. It counts only the
    errors of its own worker, which is enough because a provider that is down fails for every worker."""

    def __init__(
        self,
        store: Store,
        rates: RateLimits,
        channels: Mapping[str, Channel],
        breaker_timing: BreakerTiming | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._rate_limits = rates
        self._channels = channels
        self._timing = breaker_timing or BreakerTiming()
        self._clock = clock
        self._errors: dict[str, deque[float]] = {}
        self._probing: set[str] = set()  # inboxes for which this worker is sending the probe
        self._opened: dict[str, int] = {}  # how often in a row the breaker has opened, less one
        self._noted: dict[str, float] = {}

    async def may_send(self, inbox: str, contact: str, *, bulk: bool = False) -> float:
        """0 to send now, else the seconds to wait before trying again. Takes a token from each bucket; `bulk`
        keeps a reserve."""
        wait = await self.next_part(inbox, contact, bulk=bulk)
        if wait > 0 or not await health.is_probing(self._store.pool, inbox):
            return wait
        if await health.take_probe(self._store.pool, inbox, self._timing.probe):
            self._probing.add(inbox)
            return 0.0
        return self._timing.pause / 10

    async def next_part(self, inbox: str, contact: str, *, bulk: bool = False) -> float:
        """The same for a further part of a message that is being sent."""
        return await self._rate_limits.take(inbox, contact, self._channels[inbox].capabilities, bulk=bulk)

    async def went_well(self, inbox: str) -> None:
        """The provider answered a request, even if it refused that one message."""
        now = self._clock()
        if inbox not in self._probing and now - self._noted.get(inbox, -NOTED_EVERY) < NOTED_EVERY:
            return
        self._noted[inbox] = now
        self._probing.discard(inbox)
        self._opened.pop(inbox, None)
        if await health.mark_working(self._store.pool, inbox):
            log.info("inbox_works_again", inbox=inbox)

    async def asked_to_wait(self, inbox: str, error: RetryLater) -> None:
        """The provider did not answer or told us to wait, for this contact (counted as an error) or for the
        whole inbox."""
        if error.scope == "inbox" and error.after is not None:
            await health.mark_paused(self._store.pool, inbox, error.after, str(error), probing=False)
        await self.failed(inbox, str(error))

    async def failed(self, inbox: str, reason: str) -> None:
        """Count an error that may mean the provider is down. Enough of them open the breaker."""
        errors = self._errors.setdefault(inbox, deque(maxlen=self._timing.errors))
        now = self._clock()
        errors.append(now)
        full = len(errors) == self._timing.errors and now - errors[0] <= self._timing.within
        if not full and inbox not in self._probing:
            return
        self._probing.discard(inbox)
        errors.clear()
        times = self._opened[inbox] = self._opened.get(inbox, -1) + 1
        pause = min(self._timing.longest, self._timing.pause * 2**times)
        await health.mark_paused(self._store.pool, inbox, pause, reason, probing=True)
        log.error("inbox_paused", inbox=inbox, seconds=pause, reason=reason[:200])

    async def broken(self, inbox: str, error: InboxBroken) -> None:
        """The provider refuses the account: nothing is sent until a person resumes the inbox."""
        if await health.mark_stopped(self._store.pool, inbox, str(error), error.code):
            log.error("inbox_stopped", inbox=inbox, reason=str(error)[:200], code=error.code, page="operator")
