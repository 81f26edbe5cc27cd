"""Everybody who is addressed is told once, though processes die; and the ledger sums."""

import asyncio
from collections import Counter

import pytest

from channels.base import Billing
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.model import Conversation, Message, NewMessage
from desk.notices.delivery import NoticeDelivery, is_quiet
from desk.notices.reach import estimate
from desk.runtime.live import Live
from desk.store.notices import people
from desk.store.outbound import receipts
from desk.store.pool import Executor
from tests.support.clock import NOW
from tests.support.notice_desk import CAPABILITIES, NoticeDesk

MANY = 240


class Dies(MessageWriter):
    """A process that is killed after some messages: what it had not committed is gone."""

    left = 60

    async def say(self, transaction: Executor, conversation: Conversation, new: NewMessage) -> Message:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt
        return await super().say(transaction, conversation, new)


async def sent(notices: NoticeDesk) -> None:
    """The provider takes what is in the outbox."""
    await notices.store.pool.execute(
        """WITH done AS (UPDATE outbox SET state = 'sent', sent_at = now() WHERE state = 'pending' RETURNING message_id)
           UPDATE messages SET status = 'sent' WHERE id IN (SELECT message_id FROM done)"""
    )


async def all_sent(notices: NoticeDesk) -> int:
    done = 0
    await sent(notices)
    while count := await notices.delivery.send():
        done += count
        await sent(notices)
    return done


async def test_everybody_is_told_once_though_a_process_dies_and_hears_the_end(notices: NoticeDesk) -> None:
    told = [
        await notices.subscriber(("web", "telegram", "sms")[number % 3], language=("en", "es")[number % 2])
        for number in range(MANY)
    ]
    left_out = [
        await notices.subscriber("web", "storm"), await notices.subscriber("web", "", "eastfield"),
    ]  # fmt: skip
    id = await notices.service.write(notices.ada, "flood", notices.content(districts=["harbour"]))
    assert await notices.delivery.send() == 0, "not released"
    assert await notices.release(id, 1) == MANY
    assert await notices.ledger(id) == {"waiting": MANY}
    writer = Dies(notices.city, notices.writer.catalog)
    announcer = Announcer(notices.store, Live("redis://127.0.0.1:1"), writer)
    dying = NoticeDelivery(notices.store, notices.city, writer, announcer, CAPABILITIES, notices.clock)
    with pytest.raises(KeyboardInterrupt):
        await dying.send()
    assert 0 < len(await notices.texts()) < MANY
    await asyncio.gather(notices.delivery.send(), notices.delivery.send())
    # The outbox of the slow inbox is given a little ahead; the rest waits in the ledger.
    queued = await people.count_queued(notices.store.pool)
    assert queued["sms"] < MANY / 3
    await all_sent(notices)
    said = await notices.texts()
    assert {contact: len(texts) for contact, texts in said.items()} == {one.id: 1 for one in told}
    assert not {one.id for one in left_out} & set(said)
    by_sms = said[told[2].id][0]
    assert by_sms.startswith("Emergency: Flood: Harbour.") and "\n" not in by_sms
    assert said[told[1].id][0].startswith("Emergencia: Inundación\n\n")
    assert await notices.ledger(id) == {"reached": MANY}
    priorities = await notices.store.pool.fetch("SELECT DISTINCT priority FROM outbox")
    assert [row["priority"] for row in priorities] == [20]
    assert list((await people.list_times(notices.store.pool, id))[1]) == [50, 90, 99]
    # The all-clear goes to whoever got the first, also to those who want no notices any more.
    await notices.store.pool.execute("UPDATE notice_subscriptions SET state = 'off'")
    await notices.release(id, await notices.service.all_clear(notices.ada, id, {}))
    assert await all_sent(notices) == MANY
    assert Counter(len(texts) for texts in (await notices.texts()).values()) == {2: MANY}


async def test_the_ledger_sums_to_everybody_by_what_became_of_it(notices: NoticeDesk) -> None:
    pool = notices.store.pool
    persons = [await notices.subscriber("telegram") for _ in range(7)]
    await pool.execute("UPDATE contacts SET opted_out_at = now() WHERE id = $1", persons[6].id)
    id = await notices.released()
    await notices.delivery.send()
    rows = await pool.fetch("SELECT id FROM messages WHERE author = 'system' ORDER BY contact_id")
    messages = [row["id"] for row in rows]
    assert len(messages) == 6
    async with notices.store.transaction() as transaction:
        await receipts.set_status(transaction, messages[0], "read")
        await receipts.set_status(transaction, messages[1], "failed")
        await receipts.set_status(transaction, messages[2], "sent")
    for message, state, failure in (
        (messages[3], "waiting", "window_over"), (messages[4], "dead", "unreachable"), (messages[1], "dead", "refused"),
    ):  # fmt: skip
        await pool.execute(
            "UPDATE outbox SET state = $2, failure = $3 WHERE message_id = $1", message, state, failure
        )
    ledger = await notices.ledger(id)
    assert ledger == {
        "read": 1, "refused": 1, "reached": 1, "not_reachable": 2, "waiting": 1, "opted_out": 1,
    }  # fmt: skip
    assert sum(ledger.values()) == len(persons)


async def test_whoever_still_waits_when_an_update_comes_gets_the_update_alone(notices: NoticeDesk) -> None:
    contact = await notices.subscriber("telegram", "flood")
    id = await notices.released()
    await notices.release(id, await notices.service.update(notices.ada, id))
    await notices.delivery.send()
    ((text,),) = (await notices.texts()).values()
    assert text.startswith("Update, Emergency: Flood")
    assert await notices.ledger(id, 1) == {"superseded": 1} and await notices.ledger(id, 2) == {"waiting": 1}
    # Nobody is told of what is over.
    await notices.subscriber("web")
    late = await notices.released()
    notices.clock.forward(hours=12)
    await notices.delivery.send()
    assert await notices.ledger(late) == {"superseded": 2}
    assert set(await notices.texts()) == {contact.id}


async def test_one_person_on_two_channels_is_told_once_where_they_last_wrote(notices: NoticeDesk) -> None:
    web, telegram = await notices.subscriber("web"), await notices.subscriber("telegram")
    person = web.id
    await notices.store.pool.execute(
        "UPDATE contacts SET person_id = $1, wrote_at = CASE WHEN id = $2 THEN now() END", person, telegram.id
    )
    id = await notices.released()
    await notices.delivery.send()
    assert set(await notices.texts()) == {telegram.id}
    assert sum((await notices.ledger(id)).values()) == 1


async def test_in_quiet_hours_only_emergencies_go_and_the_rest_in_the_morning(notices: NoticeDesk) -> None:
    notices.clock.now = NOW.replace(hour=7)  # 2:00 in the city
    assert is_quiet(notices.city, notices.clock())
    await notices.subscriber("telegram")
    storm = await notices.released("storm")
    assert await notices.delivery.send() == 0
    flood = await notices.released("flood")
    assert await notices.delivery.send() == 1
    assert await notices.ledger(flood) == {"waiting": 1}
    # What follows an emergency that they were told of is sent at once, too.
    await notices.release(flood, await notices.service.all_clear(notices.ada, flood, {}))
    assert await notices.delivery.send() == 1
    notices.clock.forward(hours=5)
    assert not is_quiet(notices.city, notices.clock())
    assert await notices.delivery.send() == 1 and await notices.ledger(storm) == {"waiting": 1}
    priorities = await notices.store.pool.fetch("SELECT priority FROM outbox ORDER BY id")
    assert [row["priority"] for row in priorities] == [20, 20, 0]


def test_the_estimate_is_the_rates_own_arithmetic() -> None:
    assert estimate("web", 500, None, None, 1).seconds is None
    assert estimate("telegram", 500, CAPABILITIES["telegram"], None, 1).seconds == 20.0
    paid = estimate("sms", 500, CAPABILITIES["sms"], Billing(("+1",), 600, 10), 3)
    assert (paid.seconds, paid.units, paid.hours_of_budget) == (7200.0, 1500, 3)
