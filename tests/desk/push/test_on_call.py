"""On call: in which hours, and what looking for it costs."""

from datetime import UTC, datetime

from city.hours import read_hours
from desk.store.people import work
from tests.support.desk import Desk
from tests.support.push_desk import device_of, sending, urgent
from tests.support.push_service import PushService


async def test_on_call_follows_the_hours_that_are_planned(desk: Desk, service: PushService) -> None:
    zone = desk.city.zone
    on_call = read_hours(
        {"week": {"monday": ["22:00-06:00"]}, "special_days": [{"day": "2026-12-07", "hours": []}]}
    )
    ana, ben = await desk.agent("Ana"), await desk.agent("Ben")
    for actor in (ana, ben):
        await device_of(desk, service, actor, on_call=True, available=False)
    assert await work.set_work(desk.store.pool, ana.agent_id, [], [], 5, None, 1, on_call)
    told = {}
    for what, at in {
        "before": datetime(2026, 11, 30, 21, 59, tzinfo=zone),
        "past midnight": datetime(2026, 12, 1, 5, 30, tzinfo=zone),
        "after": datetime(2026, 12, 1, 6, 0, tzinfo=zone),
        "a day without": datetime(2026, 12, 7, 23, 0, tzinfo=zone),
    }.items():
        desk.now = at.astimezone(UTC)
        talk = await urgent(desk)
        await desk.store.pool.execute(
            "UPDATE conversations SET queued_at = $2 WHERE id = $1", talk.id, desk.now
        )
        await sending(desk).once()
        told[what] = await desk.store.pool.fetchval(
            """SELECT array_agg(a.name ORDER BY a.name) FROM push_notices n JOIN push_devices d ON d.id = n.device_id
               JOIN agents a ON a.id = d.agent_id WHERE n.conversation_id = $1""",
            talk.id,
        )
        await desk.store.pool.execute("UPDATE conversations SET state = 'resolved' WHERE id = $1", talk.id)
    assert told["past midnight"] == ["Ana", "Ben"]
    # Nothing is planned for Ben: he is on call at all hours.
    assert told["before"] == told["after"] == told["a day without"] == ["Ben"]


async def test_looking_for_what_is_urgent_reads_no_other_conversation(
    desk: Desk, service: PushService
) -> None:
    await device_of(desk, service, await desk.agent("Ana"))
    await urgent(desk)
    await desk.store.pool.execute(
        """WITH c AS (INSERT INTO contacts (inbox, external_id) SELECT 'web', 'crowd ' || n FROM generate_series(1, 2000) n
                      RETURNING id)
           INSERT INTO conversations (id, inbox, contact_id, state, team, language, queued_at)
           SELECT gen_random_uuid(), 'web', id, 'queued', 'front-desk', 'en', now() FROM c"""
    )
    await desk.store.pool.execute("ANALYZE conversations")
    for index in ("conversations_urgent", "conversations_paged"):
        condition = "urgency IS NOT NULL AND queued_at" if index.endswith("urgent") else "paged_at"
        plan = await desk.store.pool.fetch(
            f"EXPLAIN SELECT id FROM conversations v WHERE v.state = 'queued' AND v.{condition} > now() - interval '15 minutes'"
        )
        assert index in " ".join(row[0] for row in plan), plan
