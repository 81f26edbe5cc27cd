"""The gateway's Prometheus metrics: requests, streams and intake, in this app's own registry."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from desk.store.outbound.inbox_health import Health

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
DENIED = ("conversation", "contact", "media", "permission")
SIGN_INS = ("signed_in", "refused", "slowed")


class GatewayMetrics:
    """One registry per app, so that two apps in one process do not mix their counts."""

    def __init__(self, inboxes: Iterable[str] = ()) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "civicdesk_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "civicdesk_request_seconds",
            "Time to the first byte of the answer",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.streams = Gauge("civicdesk_streams", "Open event streams", registry=self.registry)
        self.messages = Counter(
            "civicdesk_messages_accepted", "Citizen messages committed", ["inbox"], registry=self.registry
        )
        self.ignored = Counter(
            "civicdesk_events_ignored",
            "Events of webhooks that are not taken",
            ["inbox"],
            registry=self.registry,
        )
        # Read from the database on each scrape: the workers write it.
        self.inbox_stopped = Gauge(
            "civicdesk_inbox_stopped",
            "1 where the provider refuses the account",
            ["inbox"],
            registry=self.registry,
        )
        self.inbox_paused = Gauge(
            "civicdesk_inbox_paused", "1 while the inbox's breaker is open", ["inbox"], registry=self.registry
        )
        self.photos = Counter("civicdesk_photos_stored", "Photos stored", registry=self.registry)
        self._denied = Counter(
            "civicdesk_access_denied",
            "Agents who asked for what they may not see or do",
            ["what"],
            registry=self.registry,
        )
        self._sign_ins = Counter(
            "civicdesk_sign_ins", "Tries to sign in to the console", ["result"], registry=self.registry
        )
        for what in DENIED:
            self._denied.labels(what)
        for result in SIGN_INS:
            self._sign_ins.labels(result)
        for inbox in inboxes:
            # Start at zero, so that an inbox that has received nothing is visible.
            self.messages.labels(inbox)
            self.ignored.labels(inbox)

    def seen(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one response. Invalid methods share one label, so that clients cannot grow the registry."""
        method = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def access_denied(self, what: str) -> None:
        """Count a refused agent; `what` is one of DENIED."""
        self._denied.labels(what).inc()

    def sign_in(self, result: str) -> None:
        """Count a sign-in attempt; `result` is one of SIGN_INS."""
        self._sign_ins.labels(result).inc()

    def inbox(self, name: str, health: Health) -> None:
        """Update the gauges of an inbox's health."""
        self.inbox_stopped.labels(name).set(health.stopped_at is not None)
        self.inbox_paused.labels(name).set(health.probing)

    def render(self) -> bytes:
        """The metrics in the Prometheus text format."""
        return generate_latest(self.registry)
