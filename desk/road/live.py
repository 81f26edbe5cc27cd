"""Live: wake-ups. Redis tells at once, the database is read anyway; a dead Redis only costs time."""

from types import TracebackType
from uuid import UUID


class Wakes:
    """Wake-ups of one reader. Use as `async with live.contact(id) as wakes: async for _ in wakes: read…`.

    The first wake comes at once (after the subscription, so nothing falls between), the next when something
    happened, and in any case every few seconds. `wait(timeout)` is the same for long polls: True if woken.
    """

    async def __aenter__(self) -> "Wakes":
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def __aiter__(self) -> "Wakes":
        return self

    async def __anext__(self) -> None:
        raise NotImplementedError

    async def wait(self, timeout: float) -> bool:
        """Wait for a wake-up (or the slow poll) for at most `timeout` seconds; false when time is over."""
        raise NotImplementedError

    def taken(self) -> list[dict[str, str]]:
        """The notes (JSON of the publisher: conversation, kind) since the last call; for the console's stream."""
        raise NotImplementedError


class Live:
    """One Redis connection that listens per process, fanned out in memory. Build one, `start`, `stop`."""

    def __init__(self, redis_url: str) -> None:
        raise NotImplementedError

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @property
    def connected(self) -> bool:
        """Whether Redis is there (for /ready)."""
        raise NotImplementedError

    def contact(self, contact_id: UUID) -> Wakes:
        """Wake-ups of one contact's log and state."""
        raise NotImplementedError

    def console(self) -> Wakes:
        """Wake-ups of everything agents see."""
        raise NotImplementedError

    async def tell(self, contact_id: UUID, conversation_id: UUID | None, kind: str) -> None:
        """Wake the contact's readers and the console: call AFTER the commit. Never raises for Redis."""
        raise NotImplementedError

    async def wake_workers(self) -> None:
        """Tell the workers that there is an event. Never raises for Redis."""
        raise NotImplementedError
