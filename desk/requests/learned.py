"""Learned choices of a service: proposed when a back end says "not ours", used once an editor has accepted them (ADR 89)."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid5

from desk.model import Clock
from desk.runtime.masking import mask_personal
from desk.store.following import learned_services
from desk.store.following.learned_services import LearnedService
from desk.store.pool import Executor, Store
from desk.store.requests import ServiceRequestRow

PROPOSED = 120  # characters of a description that a proposal begins with
FRESH = timedelta(seconds=30)
"""How long a worker uses the table as it read it."""


async def propose(executor: Executor, row: ServiceRequestRow, service_code: str, now: datetime) -> None:
    """Propose to the editors what this request's words mean; "" if nobody knows yet. Personal details are masked, as editors
    read no conversation. Nothing changes by itself."""
    words = mask_personal(tidy_words(str(row.payload.get("description") or "")))[:PROPOSED].rstrip()
    if len(words) >= 3:
        id = uuid5(row.id, "learned")
        await learned_services.add_proposal(executor, id, words, row.service_code, service_code, row.id, now)


class LearnedServices:
    """What a worker tells the bot with a message."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._used: Sequence[LearnedService] = ()
        self._read_at: datetime | None = None

    async def of(self, text: str) -> dict[str, str] | None:
        """{from, to} if the text has the words of one that is used: the longest words count."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= FRESH:
            self._used = await learned_services.list_learned(self._store.pool, ("used",))
            self._read_at = now
        said = f" {folded(text)} "
        fitting = [one for one in self._used if f" {folded(one.words)} " in said]
        best = max(fitting, key=lambda one: len(one.words), default=None)
        return {"from": best.from_code, "to": best.service_code} if best else None


def tidy_words(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def folded(text: str) -> str:
    """Words without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text[:2000].casefold())
    return " ".join(re.findall(r"\w+", "".join(one for one in plain if not unicodedata.combining(one))))
