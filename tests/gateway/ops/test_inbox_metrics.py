"""What the operator's monitoring sees of the inboxes."""

from desk.store.outbound import inbox_health as health
from tests.support.gateway import RunningGateway


async def test_a_stopped_inbox_is_a_metric(gateway: RunningGateway) -> None:
    assert await gateway.metric("civicdesk_inbox_stopped") == 0
    await health.mark_stopped(gateway.store.pool, "web", "refused", "190")
    await health.mark_paused(gateway.store.pool, "web", 60, "errors", probing=True)
    assert await gateway.metric("civicdesk_inbox_stopped") == 1
    assert await gateway.metric("civicdesk_inbox_paused") == 1
    await health.mark_resumed(gateway.store.pool, "web")
    assert await gateway.metric("civicdesk_inbox_stopped") == 0
