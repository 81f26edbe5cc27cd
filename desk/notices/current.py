"""The notices that hold now, in one process: read again every second, so that a release is known everywhere within two."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from desk.model import Clock
from desk.runtime.periodic import repeat
from desk.store.notices import notices
from desk.store.notices.notices import NoticeVersion
from desk.store.pool import Executor, Store

log = structlog.get_logger("notices")

EVERY = 1.0
"""Seconds between two looks at the table."""
KEPT = timedelta(days=30)
"""How long feeds have a notice after its end."""
_LEVELS = ("emergency", "alert", "watch", "recovery")


class CurrentNotices:
    """Built once in a process. What was read before stays while the database is away; ends are kept by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._released: tuple[tuple[NoticeVersion, ...], ...] = ()

    async def read(self, executor: Executor) -> None:
        """Read what is released."""
        found: dict[object, list[NoticeVersion]] = {}
        for one in await notices.list_released(executor, self._clock() - KEPT):
            found.setdefault(one.notice_id, []).append(one)
        self._released = tuple(tuple(versions) for versions in found.values())

    async def run(self, store: Store, stop: asyncio.Event, ready: Callable[[], bool] = lambda: True) -> None:
        """Read until `stop` is set, while `ready` says yes."""
        await repeat(
            lambda: self.read(store.pool), stop, log, "notices_unread", every=EVERY, settle=0.1, when=ready
        )

    def holding(self) -> Sequence[NoticeVersion]:
        """The last released version of each notice, if it holds now; emergencies first, then the latest."""
        now = self._clock()
        found = [versions[-1] for versions in self._released if versions[-1].holds(now)]
        return sorted(found, key=lambda one: (_LEVELS.index(one.content.level), -_released_at(one)))

    def history(self) -> Sequence[Sequence[NoticeVersion]]:
        """Every notice of the last 30 days with all its released versions, the one that changed last first."""
        return sorted(self._released, key=lambda versions: _released_at(versions[-1]), reverse=True)

    def overriding(self, answer: str) -> NoticeVersion | None:
        """The notice that stands in for this answer now."""
        return next((one for one in self.holding() if answer in one.content.overrides), None)


def _released_at(version: NoticeVersion) -> float:
    assert version.released_at is not None
    return version.released_at.timestamp()
