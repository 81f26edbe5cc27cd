"""A circuit breaker: a back end that keeps failing is left alone for a while."""

from collections.abc import Callable


class Breaker:
    """Opens after `failures` failures in a row; lets one trial through every `rest` seconds.

    `monotonic` gives seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float], failures: int = 5, rest: float = 30.0) -> None:
        self._monotonic = monotonic
        self._limit = failures
        self._rest = rest
        self._failed = 0
        self._closed_until = 0.0

    def allows(self) -> bool:
        """May a call be made now? A yes while the breaker is open is the one trial of this rest."""
        if self._failed < self._limit:
            return True
        now = self._monotonic()
        if now < self._closed_until:
            return False
        self._closed_until = now + self._rest
        return True

    def rests(self) -> float:
        """Seconds until the next trial; 0 if a call may be made now."""
        if self._failed < self._limit:
            return 0.0
        return max(0.0, self._closed_until - self._monotonic())

    def worked(self) -> None:
        """The back end answered, whatever it said."""
        self._failed = 0

    def failed(self) -> None:
        """No usable answer came."""
        self._failed += 1
        if self._failed >= self._limit:
            self._closed_until = self._monotonic() + self._rest
