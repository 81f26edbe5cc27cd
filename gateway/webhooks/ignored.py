"""Counts the webhook events that are ignored, and logs each kind of them once, so that nothing disappears unnoticed."""

from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from channels.base import Inbound

log = structlog.get_logger("gateway")

MOST_KINDS = 200
"""Kinds that are remembered for each inbox: a provider may name new ones without end."""
UNREADABLE = "unreadable"
"""The reason of an event that was damaged: each is logged, by its id."""


class Ignored:
    """One for each process."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._named: dict[str, set[str]] = {}

    def count(self, inbox: str, inbounds: Sequence[Inbound]) -> None:
        """The ignored ones of these."""
        for one in inbounds:
            if one.kind != "ignored":
                continue
            self._counter.labels(inbox).inc()
            reason = one.reason or "unknown"
            named = self._named.setdefault(inbox, set())
            if reason == UNREADABLE:
                log.warning("event_unreadable", inbox=inbox, external_id=one.external_id)
            elif reason not in named and len(named) < MOST_KINDS:
                named.add(reason)
                log.info("event_ignored", inbox=inbox, reason=reason)
