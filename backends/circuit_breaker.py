"""A circuit breaker: it suspends calls to a back end that keeps failing."""

from collections.abc import Callable


class Breaker:
    """Opens after `failures` consecutive failures; then allows one trial call every `rest` seconds.

    `monotonic` returns seconds from a monotonic clock.
    """

    def __init__(self, monotonic: Callable[[], float], failures: int = 5, rest: float = 30.0) -> None:
        self._monotonic = monotonic
        self._limit = failures
        self._rest = rest
        self._failed = 0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """Whether a call may be made now. While the breaker is open, a True is the one trial call of this
        interval."""
        if self._failed < self._limit:
            return True
        now = self._monotonic()
        if now < self._closed_until:
            return False
        self._closed_until = now + self._rest
        return True

    def rests(self) -> float:
        """Seconds until the next trial call; 0 if a call may be made now."""
        if self._failed < self._limit:
            return 0.0
        return max(0.0, self._closed_until - self._monotonic())

    def worked(self) -> None:
        """Record that the back end answered, whatever the answer was."""
        self._failed = 0

    def failed(self) -> None:
        """Record that no usable answer arrived."""
        self._failed += 1
        if self._failed >= self._limit:
            self._closed_until = self._monotonic() + self._rest
