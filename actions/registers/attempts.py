"""Counts wrong answers to identity questions, so that nobody can try them all."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

MOST_WRONG = 5
PERIOD = timedelta(hours=24)
MOST_NUMBERS = 10_000  # the oldest are forgotten first


class Attempts:
    """By register and number, in this process, whoever asks: another conversation gets no additional attempts."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def are_left(self, register: str, number: str) -> bool:
        """Whether another answer may be tried."""
        return len(self._recent(register, number)) < MOST_WRONG

    def mark_wrong(self, register: str, number: str) -> None:
        """One more answer did not fit."""
        self._wrong[(register, number)] = [*self._recent(register, number), self._clock()]
        self._wrong.move_to_end((register, number))
        while len(self._wrong) > MOST_NUMBERS:
            self._wrong.popitem(last=False)

    def _recent(self, register: str, number: str) -> list[datetime]:
        since = self._clock() - PERIOD
        return [at for at in self._wrong.get((register, number), ()) if at > since]
