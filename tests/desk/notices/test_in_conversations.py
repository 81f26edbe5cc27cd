"""What a conversation hears of a notice, and how people subscribe in one."""

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec

from city import InboxConfig
from desk.model import Priority
from desk.notices.drafting import Notices
from desk.notices.plan import content_of
from desk.store.notices import subscriptions
from desk.store.outbound import outbox
from tests.support.answers_office import person
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.notice_desk import PLANS


async def _release(desk: Desk, plan: str, **area: object) -> UUID:
    service = Notices(desk.store, desk.city, frozenset(desk.catalog.answers), desk.clock)
    ada, ben = await person(desk.store, "supervisor"), await person(desk.store, "supervisor")
    id = await service.write(ada, PLANS[plan].scenario, content_of(PLANS[plan], area, desk.now), plan)
    await service.propose(ada, id, 1)
    await service.release(ben, id, 1)
    return id


async def test_the_next_answer_begins_with_the_notice_once_and_an_overridden_answer_is_replaced(
    desk: Desk,
) -> None:
    desk.bot.behaviour = says({"answer": "rats"})
    citizen, neighbour = await desk.contact(), await desk.contact()
    await _release(desk, "flood")
    await _release(desk, "outage", districts=["eastfield"])
    async with desk.working() as (worker,):
        await worker.current_notices.read(desk.store.pool)
        for _ in range(2):
            await desk.send(citizen, "rats")
            log = await desk.settled(citizen)
        texts = [one.text for one in log if one.author != "contact"]
        assert [one.author for one in log] == ["contact", "system", "bot", "contact", "bot"], texts
        assert texts[0].startswith("Emergency: Flood") and "the whole city" in texts[0]
        # The power cut is elsewhere: it concerns who asks about power cuts, and whoever has a place there.
        desk.bot.behaviour = says({"answer": "power_cuts"})
        for _ in range(2):
            await desk.send(citizen, "power cut")
            log = await desk.settled(citizen)
        assert [one.text.split("\n")[0] for one in log[6:8] if one.author == "system"] == [
            "Warning: Power cut"
        ] * 1
        assert not [one for one in log if one.author == "bot" and "electric" in one.text.lower()]
        desk.bot.behaviour = says({"answer": "rats"})
        await desk.share(neighbour, 41.05, -73.52)
        log = await desk.settled(neighbour)
        assert [one.text.split("\n")[0] for one in log if one.author == "system"] == [
            "Emergency: Flood", "Warning: Power cut",
        ]  # fmt: skip
        # At its end the answers are as before, without anybody's doing.
        desk.now += timedelta(hours=6)
        desk.bot.behaviour = says({"answer": "power_cuts"})
        await desk.send(citizen, "power cut")
        log = await desk.settled(citizen)
        assert log[-1].author == "bot" and log[-2].author == "contact"


async def test_somebody_subscribes_and_unsubscribes_in_the_chat_and_by_mail_only_after_confirming(
    desk: Desk,
) -> None:
    desk.move_to(
        msgspec.structs.replace(
            desk.city, inboxes=(*desk.city.inboxes, InboxConfig(name="mail", channel="mail"))
        )
    )
    citizen, writer = await desk.contact(), await desk.contact()
    await desk.store.pool.execute("UPDATE contacts SET inbox = 'mail' WHERE id = $1", writer.id)
    async with desk.working():
        await desk.send(citizen, "Tell me about floods in Harbour district")
        (_, said) = await desk.settled(citizen)
        assert "About: floods. Where: Harbour." in said.text and desk.bot.asked == []
        wanted = await subscriptions.list_of_contact(desk.store.pool, citizen.id)
        assert wanted == [subscriptions.Subscription("flood", "harbour", "on")]
        (consent,) = await desk.store.pool.fetch(
            "SELECT purpose, consented_at FROM notice_subscriptions WHERE contact_id = $1", citizen.id
        )
        assert tuple(consent) == ("public_safety_notices", desk.now)
        await desk.send(citizen, "No more alerts")
        assert (await desk.settled(citizen))[-1].text.startswith("You get no more of these notices")
        assert await subscriptions.list_of_contact(desk.store.pool, citizen.id) == []
    await subscriptions.add_subscription(
        desk.store.pool, writer.id, "flood", "", desk.now, source="chat", confirmed=False
    )
    await _release(desk, "flood")
    assert await desk.store.pool.fetchval("SELECT count(*) FROM notice_people") == 0, "not confirmed"
    early = desk.now - timedelta(days=2)
    assert await subscriptions.mark_confirmed(desk.store.pool, writer.id, desk.now, early) == 1
    assert await subscriptions.mark_ended(desk.store.pool, writer.id, desk.now) == 1


async def test_an_emergency_leaves_the_outbox_first_and_leaves_replies_their_share(desk: Desk) -> None:
    """0 news, 10 a reply, 20 an emergency: in this order they are claimed, and a claim can be for replies alone."""
    await desk.store.pool.execute(
        """WITH c AS (INSERT INTO contacts (inbox, external_id, last_seq) SELECT 'sms', '+1444' || n, 1
                      FROM generate_series(0, 2) n RETURNING id, external_id),
                v AS (INSERT INTO conversations (inbox, contact_id, language) SELECT 'sms', id, 'en' FROM c RETURNING id, contact_id),
                m AS (INSERT INTO messages (conversation_id, contact_id, seq, author, text, language)
                      SELECT id, contact_id, 1, 'system', 'x', 'en' FROM v RETURNING id, contact_id)
           INSERT INTO outbox (inbox, contact_id, message_id, priority)
           SELECT 'sms', contact_id, m.id, 10 * right(external_id, 1)::int FROM m JOIN c ON c.id = m.contact_id"""
    )
    only = Priority.CONVERSATION
    (reply,) = await outbox.claim(desk.store.pool, uuid4(), 10, 9, least=only, most=only)
    assert not reply.bulk
    rest = await outbox.claim(desk.store.pool, uuid4(), 10, 9)
    assert [(one.priority, one.bulk) for one in rest] == [(20, True), (0, True)]
