"""Work that is repeated: it waits for what it needs, and an outage or a failure does not end it."""

import asyncio
from typing import Any

import structlog
from structlog.testing import capture_logs

from desk.runtime.periodic import repeat


async def test_nothing_is_called_or_logged_before_the_database_is_migrated() -> None:
    stop, calls, looks = asyncio.Event(), [], 0

    def migrated() -> bool:
        nonlocal looks
        looks += 1
        return looks > 3

    async def work() -> None:
        calls.append(looks)
        if len(calls) == 1:
            raise ConnectionRefusedError
        if len(calls) == 2:
            raise ValueError
        stop.set()

    log: Any = structlog.get_logger("test")
    with capture_logs() as lines:
        await repeat(work, stop, log, "unread", every=0.001, when=migrated)
    assert calls == [4, 5, 6]
    assert [(one["event"], one["log_level"]) for one in lines] == [
        ("database_away", "warning"),
        ("unread", "error"),
    ]
