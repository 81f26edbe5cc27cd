"""A worker's metrics, and the backlog shared by all workers. Names and alerts are in docs/runbook.md."""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from desk.store.inbound.backlog import Backlog
from desk.store.waits.statements import CalibrationRow

OUTCOMES = ("answered", "by_desk", "failed", "for_people")
LIMITS = ("forbidden_number", "contact_cap", "inbox_cap")
PARTS = ("turn", "delivery", "event_dead")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """One registry per worker, so that two workers in one process do not mix their counts."""

    def __init__(self, office_open: Callable[[], bool] = lambda: False) -> None:
        self.registry = registry = CollectorRegistry()
        self._turns = Histogram(
            "civicdesk_turn_seconds",
            "From a citizen's message being accepted to what became of it",
            ["outcome"],
            buckets=SECONDS,
            registry=registry,
        )
        self._bot = Histogram(
            "civicdesk_bot_seconds", "The bot's share of a turn", buckets=SECONDS, registry=registry
        )
        self._deliveries = Counter(
            "civicdesk_deliveries",
            "Tries to hand a message to a provider",
            ["inbox", "result"],
            registry=registry,
        )
        self._units = Counter(
            "civicdesk_delivered_units",
            "What providers took, as they bill it: one text may be several SMS",
            ["inbox"],
            registry=registry,
        )
        self._held_back = Counter(
            "civicdesk_held_back",
            "Messages that a limit of destinations or of spending held back",
            ["inbox", "limit"],
            registry=registry,
        )
        self._broken = Counter(
            "civicdesk_broken", "Errors of our own that were caught", ["part"], registry=registry
        )
        self._waiting = Gauge("civicdesk_waiting", "What waits at a hop", ["hop"], registry=registry)
        self._oldest = Gauge(
            "civicdesk_oldest_seconds", "Age of the oldest that waits at a hop", ["hop"], registry=registry
        )
        self._outbox = Gauge(
            "civicdesk_outbox_depth", "Messages a provider has not taken", ["inbox"], registry=registry
        )
        self._outbox_oldest = Gauge(
            "civicdesk_outbox_oldest_seconds", "Age of the oldest of them", ["inbox"], registry=registry
        )
        self._stuck = Gauge(
            "civicdesk_outbox_stuck",
            "Messages that only a person can move",
            ["inbox", "state"],
            registry=registry,
        )
        self._for_contact = Gauge(
            "civicdesk_outbox_for_contact",
            "Messages that go once the citizen writes",
            ["inbox"],
            registry=registry,
        )
        self._coverage = Gauge(
            "civicdesk_wait_coverage",
            "Share of the waits stated in 30 days that held; the goal is 0.9",
            ["team"],
            registry=registry,
        )
        self._hidden = Gauge(
            "civicdesk_wait_hidden",
            "1 while citizens are told no range of the wait",
            ["team"],
            registry=registry,
        )
        self._readable = Gauge(
            "civicdesk_database_reachable",
            "1 when the backlog could be read for this answer",
            registry=registry,
        )

        Gauge(
            "civicdesk_office_open",
            "1 while the city's office is open: outside its hours nobody is there to answer",
            registry=registry,
        ).set_function(lambda: float(office_open()))

        # Start at zero: if a counter first appears as 1, Prometheus sees no increase, and the first error
        # would not alert anyone.
        for outcome in OUTCOMES:
            self._turns.labels(outcome)
        for part in PARTS:
            self._broken.labels(part)

    def turn(self, outcome: str, seconds: float) -> None:
        """A citizen's message has been dealt with: one of OUTCOMES. `seconds` since it was accepted."""
        self._turns.labels(outcome).observe(max(0.0, seconds))

    def bot(self, seconds: float) -> None:
        """The bot answered after `seconds`."""
        self._bot.observe(seconds)

    def delivery(self, inbox: str, result: str) -> None:
        """One delivery attempt: `sent`, `later`, `unknown` or `dead`."""
        self._deliveries.labels(inbox, result).inc()

    def taken(self, inbox: str, units: int) -> None:
        """A provider accepted a part of a message and bills it as `units` units."""
        self._units.labels(inbox).inc(units)

    def held_back(self, inbox: str, why: str) -> None:
        """A message was not sent because of one of our own limits: one of LIMITS."""
        self._held_back.labels(inbox, why).inc()

    def paid_inbox(self, inbox: str) -> None:
        """Start the counters at zero for an inbox whose messages cost money."""
        for why in LIMITS:
            self._held_back.labels(inbox, why)

    def broken(self, part: str) -> None:
        """An error of our own was caught: one of PARTS."""
        self._broken.labels(part).inc()

    def waits(self, calibrations: Sequence[CalibrationRow]) -> None:
        """Show how often the stated waits held, for each team."""
        self._coverage.clear()
        self._hidden.clear()
        for one in calibrations:
            self._hidden.labels(one.team).set(one.hidden is not None)
            if one.statements:
                self._coverage.labels(one.team).set(one.held / one.statements)

    def backlog(self, backlog: Backlog | None) -> None:
        """Show this backlog. None means it could not be read; the last known values must not be shown as
        current."""
        for gauge in (
            *(self._waiting, self._oldest, self._outbox, self._outbox_oldest),
            *(self._stuck, self._for_contact),
        ):
            gauge.clear()
        self._readable.set(backlog is not None)
        if backlog is None:
            return
        for hop, waiting in (
            ("events", backlog.events),
            ("queue", backlog.queue),
            ("agents", backlog.agents),
            ("requests", backlog.requests),
        ):
            self._waiting.labels(hop).set(waiting.count)
            self._oldest.labels(hop).set(waiting.oldest)
        for inbox, waiting in backlog.outbox.items():
            self._outbox.labels(inbox).set(waiting.count)
            self._outbox_oldest.labels(inbox).set(waiting.oldest)
        for (inbox, state), count in backlog.stuck.items():
            self._stuck.labels(inbox, state).set(count)
        for inbox, count in backlog.for_contact.items():
            self._for_contact.labels(inbox).set(count)

    def render(self) -> bytes:
        """The metrics in Prometheus's text format."""
        return generate_latest(self.registry)
