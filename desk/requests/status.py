"""Follows the status of filed requests by polling their back ends."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from backends.base import Backend, BackendError, BackendUnavailable, RequestStatus, UnknownReference
from desk.model import Clock
from desk.requests.telling.notes import note_of
from desk.runtime.error_place import where
from desk.store.following import followed_requests, promises, request_followers
from desk.store.following.request_followers import FollowerRow
from desk.store.pool import Executor, Store, is_away

log = structlog.get_logger("desk.requests")

# Each poll overlaps the previous one, because systems publish a change minutes after its timestamp.
OVERLAP = timedelta(hours=2)
# A plain GeoReport server lists only 90 days back, so every request is also polled by itself once a day.
EACH = timedelta(days=1)
# The same interval for a back end that cannot list changes.
EACH_WITHOUT_LIST = timedelta(hours=1)

Changed = Callable[[Executor, UUID, RequestStatus], Awaitable[None]]
"""Called with our request's id, inside the transaction of the change."""


FollowerTold = Callable[[Executor, FollowerRow, RequestStatus], Awaitable[None]]
"""The same, called with a citizen who follows a request of somebody else."""


async def _nobody(_executor: Executor, _who: object, _status: RequestStatus) -> None:
    return None


class Follower:
    """Polls each back end every `every` seconds and records what changed on our filed requests."""

    def __init__(
        self,
        store: Store,
        backends: Mapping[str, Backend],
        clock: Clock,
        *,
        changed: Changed = _nobody,
        told_follower: FollowerTold = _nobody,
        after: Callable[[], Awaitable[object]] | None = None,
        every: float = 300.0,
    ) -> None:
        self._store = store
        self._backends = backends
        self._clock = clock
        self._changed = changed
        self._after = after
        self._told_follower = told_follower
        self._every = every
        self._since: dict[str, datetime] = {}
        self._each: dict[str, datetime] = {}
        self._missed: dict[str, set[str]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set."""
        while not stop.is_set():
            for name in self._backends:
                try:
                    await self.look(name)
                except Exception as error:
                    # Do not stop the worker or the other back ends: the next poll may succeed.
                    if not is_away(error):
                        log.error(
                            "updates_broke", backend=name, error=type(error).__name__, where=where(error)
                        )
            await self._look_after()
            # Not wait_for(): before Python 3.12 it can swallow a cancellation.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await stop.wait()

    async def _look_after(self) -> None:
        """What follows from the round, such as promised dates that are missed now."""
        if self._after is None:
            return
        try:
            await self._after()
        except Exception as error:
            if not is_away(error):
                log.error("promises_broke", error=type(error).__name__, where=where(error))

    async def look(self, name: str) -> int:
        """Poll one back end; returns how many of our requests changed. A failed poll is repeated at the next
        interval."""
        wanted = set(await followed_requests.list_followed(self._store.pool, name))
        wanted |= set(await request_followers.list_references(self._store.pool, name))
        if not wanted:
            return 0
        now = self._clock()
        changes = 0
        try:
            listed = self._backends[name].capabilities.updates
            every = EACH if listed else EACH_WITHOUT_LIST
            if name not in self._each or now - self._each[name] >= every:
                # Also after a start, because we do not know what we missed.
                changes += await self._poll(name, wanted)
                if self._missed[name] == wanted:
                    return changes  # it failed for all of them, so the whole check is repeated
                self._each[name] = now
            elif listed:
                changes += await self._poll(name, self._missed.get(name, set()) & wanted)
                for update in await self._backends[name].updates(self._since[name] - OVERLAP):
                    # Including closed ones, because a back end may reopen them.
                    changes += await self._record(name, update.reference, update.status, update.updated_at)
        except BackendError as error:
            log.warning("updates_not_read", backend=name, error=type(error).__name__)
            return changes
        self._since[name] = now
        return changes

    async def _poll(self, name: str, references: set[str]) -> int:
        """Poll each request. One that the back end fails for does not stop the others and is asked for again at the next
        interval. Raises BackendError if calls are suspended."""
        changes = 0
        missed: set[str] = set()
        for reference in sorted(references):
            try:
                changes += await self._one(name, reference)
            except BackendUnavailable as error:
                missed.add(reference)
                if error.resting is not None:
                    raise
        self._missed[name] = missed
        if missed:
            log.warning("requests_not_read", backend=name, count=len(missed))
        return changes

    async def _one(self, name: str, reference: str) -> int:
        try:
            status = await self._backends[name].status(reference)
        except UnknownReference:
            return 0
        return await self._record(name, reference, status, status.updated_at or self._clock())

    async def _record(self, name: str, reference: str, status: RequestStatus, at: datetime) -> int:
        async with self._store.transaction() as connection:
            if status.expected_at is not None:
                await promises.set_expected(connection, name, reference, status.expected_at)
            id = None
            if not status.unchanged:
                id = await followed_requests.set_followed_status(
                    connection, name, reference, status.status, status.raw_status, at, self._clock()
                )
            if id is None and (note := note_of(status)):
                id = await followed_requests.get_untold(connection, name, reference, note)
            followers = (
                await request_followers.set_status(connection, name, reference, status.status)
                if status.understood and not status.unchanged
                else []
            )
            if id is None and not followers:
                return 0
            if id is not None:
                await self._changed(connection, id, status)
            for follower in followers:
                await self._told_follower(connection, follower, status)
        log.info(
            "status_changed",
            request=str(id or reference),
            backend=name,
            status=status.status,
            followers=len(followers),
        )
        return 1
