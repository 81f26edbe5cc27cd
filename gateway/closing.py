"""Ends all open waits at shutdown, so that a restart does not have to sit out a 25-second poll."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Closing:
    """The tasks that are waiting. `close()` ends every wait; `closed` stays true."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: set[asyncio.Task[object]] = set()

    @contextmanager
    def waits(self) -> Iterator[None]:
        """Context manager for a wait that ends early, without an error, when the gateway closes."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            # The client may have disconnected at the same moment; then nobody is left to answer anyway.
            if not self.closed:
                raise
            task.uncancel()
        finally:
            self._waiting.discard(task)

    def close(self) -> None:
        """End every wait."""
        self.closed = True
        for task in list(self._waiting):
            task.cancel()
