"""What a webhook brings and nobody takes is counted, and each kind of it is logged once."""

from prometheus_client import CollectorRegistry, Counter
from structlog.testing import capture_logs

from channels.base import Inbound
from gateway.webhooks.ignored import MOST_KINDS, Ignored


def _event(reason: str | None, number: int = 1) -> Inbound:
    return Inbound(f"id-{number}", "", "ignored", reason=reason)


def test_each_is_counted_and_each_kind_is_logged_once() -> None:
    registry = CollectorRegistry()
    ignored = Ignored(Counter("civicdesk_events_ignored", "x", ["inbox"], registry=registry))
    batch = [
        _event("a reaction"),
        Inbound("m", "7", "message", "hello"),
        _event("a reaction", 2),
        _event(None, 3),
    ]
    with capture_logs() as logs:
        ignored.count("wa", batch)
        ignored.count("wa", batch)
        ignored.count("other", [_event("unreadable", 4), _event("unreadable", 5)])
        ignored.count("wa", [_event(f"kind {number}") for number in range(2 * MOST_KINDS)])
    value = registry.get_sample_value
    assert value("civicdesk_events_ignored_total", {"inbox": "wa"}) == 6 + 2 * MOST_KINDS
    assert value("civicdesk_events_ignored_total", {"inbox": "other"}) == 2
    named = [one["reason"] for one in logs if one["event"] == "event_ignored"]
    assert named.count("a reaction") == 1 and len(named) == MOST_KINDS
    assert [one["external_id"] for one in logs if one["event"] == "event_unreadable"] == ["id-4", "id-5"]
