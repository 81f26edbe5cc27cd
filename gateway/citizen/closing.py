"""Closing time: whoever waits for news is told at once, so that a restart takes no one's 25 seconds."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Closing:
    """The tasks that wait. `close()` ends every wait; `closed` stays true."""

    def __init__(self) -> None:
        self.closed = False
        self._waiting: set[asyncio.Task[object]] = set()

    @contextmanager
    def waits(self) -> Iterator[None]:
        """A block that ends early, without an error, when the gateway closes."""
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            # The client may have gone at the same moment; then there is nobody left to answer anyway.
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
