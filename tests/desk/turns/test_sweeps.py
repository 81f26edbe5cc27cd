"""What a sweep finds, so that every message gets a reply, and what only an operator can see."""

from uuid import UUID

import aiohttp
import pytest

from desk.model import By, Contact
from desk.runtime.metrics import Metrics
from desk.store import leases, requests
from desk.store.dialogue import conversations
from desk.store.inbound import backlog, events
from tests.support.desk import Desk


async def _tried(desk: Desk, text: str, **columns: str) -> Contact:
    """A contact whose message was tried a while ago; `columns` are SQL expressions for its event."""
    contact = await desk.contact()
    await desk.send(contact, text)
    values = {
        "attempts": "1",
        "received_at": "now() - interval '61 seconds'",
        "available_at": "now() + interval '1 hour'",
        **columns,
    }
    changes = ", ".join(f"{name} = {value}" for name, value in values.items())
    await desk.store.pool.execute(f"UPDATE events SET {changes} WHERE contact_id = $1", contact.id)
    return contact


async def _sweep(desk: Desk) -> Metrics:
    """One sweep, with nobody else at work."""
    async with aiohttp.ClientSession() as session:
        worker = desk.worker(session)
        await worker.sweeps.sweep()
        return worker.metrics


async def _state(desk: Desk, contact: Contact) -> str | None:
    found = await conversations.get_open(desk.store.pool, contact.id)
    return found.state if found else None


@pytest.mark.parametrize("attempts", [1, 2, 5, 9])
async def test_however_often_it_was_tried_it_goes_to_a_person(desk: Desk, attempts: int) -> None:
    contact = await _tried(desk, "hello", attempts=str(attempts))
    metrics = await _sweep(desk)
    failed = metrics.registry.get_sample_value("civicdesk_turn_seconds_count", {"outcome": "failed"})
    assert await _state(desk, contact) == "queued" and failed == 1
    assert [message.author for message in await desk.log(contact)] == ["contact", "system", "system"]


async def test_what_no_worker_has_come_to_stays_with_the_bot_and_is_seen_to_wait(desk: Desk) -> None:
    contact = await _tried(desk, "hello", attempts="0")
    await _sweep(desk)
    assert await _state(desk, contact) is None and await events.is_pending(desk.store.pool, contact.id)
    assert (await backlog.get_backlog(desk.store.pool)).events.oldest > 60


async def test_one_that_waits_for_the_bot_is_not_forgotten_with_its_worker(desk: Desk) -> None:
    """Its worker gives up after two minutes. One that is gone by then gives nothing up."""
    waiting = await _tried(desk, "hello", waiting_since="now() - interval '2 minutes'")
    forgotten = await _tried(desk, "hello", waiting_since="now() - interval '4 minutes'")
    await _sweep(desk)
    assert await _state(desk, waiting) is None and await _state(desk, forgotten) == "queued"


async def test_what_cannot_be_handed_over_does_not_keep_the_others_from_it(desk: Desk) -> None:
    """A payload that nobody can read: a provider's, written by a release that is gone."""
    broken = [await _tried(desk, "hello", payload="'[]'") for _ in range(3)]
    fine = await _tried(desk, "hello")
    await _sweep(desk)
    assert await _state(desk, fine) == "queued"
    assert [await _state(desk, one) for one in broken] == [None] * 3
    async with desk.working() as (worker,):
        for one in broken:
            await desk.store.pool.execute(
                "UPDATE events SET attempts = 10, available_at = now() WHERE contact_id = $1", one.id
            )
            await desk.settled(one)
        count = worker.metrics.registry.get_sample_value("civicdesk_broken_total", {"part": "event_dead"})
    assert count == 3, "the operator is told"


async def test_a_lease_that_no_clock_could_have_given_is_taken_away(desk: Desk) -> None:
    """The database's clock was an hour ahead and was set right: nobody could come near this contact for an hour."""
    stuck, served = await desk.contact(), await desk.contact()
    for contact, until in ((stuck, "1 hour"), (served, "12 seconds")):
        await desk.send(contact, "hello")
        await desk.store.pool.execute(
            f"UPDATE contacts SET lease_token = gen_random_uuid(), lease_until = now() + interval '{until}' WHERE id = $1",
            contact.id,
        )
    await _sweep(desk)
    free = {one.contact_id for one in await leases.claim(desk.store.pool, stuck.id, 12, 10)}
    assert free == {stuck.id}


async def _refused(desk: Desk, contact: Contact, conversation: UUID) -> None:
    async with desk.store.transaction() as transaction:
        await requests.add_request(
            transaction, id=conversation, conversation_id=conversation, contact_id=contact.id,
            backend="requests", service_code="pothole", payload={}, now=desk.now,
        )  # fmt: skip
        row = await requests.get_request(transaction, conversation)
        assert row
        teller = desk.news()
        await teller.tell(transaction, row, "filing_refused", {"reasons": ["no such street"]})


async def test_a_report_refused_after_the_end_of_its_conversation_still_gets_its_person(desk: Desk) -> None:
    contact = await desk.contact()
    old = await desk.queued(contact)
    await conversations.resolve(desk.store.pool, old.id, By("system", "resolved"))
    await _refused(desk, contact, old.id)
    new = await desk.conversation(contact)
    assert new.id != old.id and new.state == "queued"
    assert [(one.conversation_id, one.author) for one in await desk.log(contact)] == [(new.id, "system")] * 2


async def test_what_an_agent_leaves_unanswered_is_seen_to_wait(desk: Desk) -> None:
    contact = await desk.contact()
    conversation, agent = await desk.queued(contact), await desk.agent()
    await conversations.assign(
        desk.store.pool, conversation.id, agent.agent_id, By("agent", "claimed", agent.agent_id)
    )
    assert (await backlog.get_backlog(desk.store.pool)).agents.count == 1
    await conversations.mark_agent_replied(
        desk.store.pool, conversation.id, By("agent", "replied", agent.agent_id)
    )
    assert (await backlog.get_backlog(desk.store.pool)).agents.count == 0
    await conversations.mark_contact_wrote(desk.store.pool, conversation.id)
    assert (await backlog.get_backlog(desk.store.pool)).agents.oldest > 0


async def test_who_asks_an_agent_again_and_again_has_waited_since_the_first_time(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    conversation = await desk.queued(contact)
    await desk.ownership.claim(agent, conversation.id)
    await desk.ownership.reply(agent, conversation.id, "What street is it?", "1")
    async with desk.working():
        for text in ("High Street", "hello?", "are you there?"):
            await desk.send(contact, text)
            await desk.settled(contact)
    # As hours later: claimed at five, answered at four, then a question at three, two and one.
    await desk.store.pool.execute("UPDATE conversations SET assigned_at = now() - interval '5 hours'")
    await desk.store.pool.execute("UPDATE messages SET created_at = now() - interval '1 hour' * (6 - seq)")
    waited = (await backlog.get_backlog(desk.store.pool)).agents
    assert waited.count == 1 and waited.oldest == pytest.approx(3 * 3600, abs=60)


async def test_what_waits_for_the_citizen_is_counted_and_is_no_backlog(desk: Desk) -> None:
    contact = await _tried(desk, "hello")
    await _sweep(desk)
    message = (await desk.log(contact))[-1]
    await desk.store.pool.execute(
        "INSERT INTO outbox (inbox, contact_id, message_id, state) VALUES ('sms', $1, $2, 'waiting')",
        contact.id,
        message.id,
    )
    found = await backlog.get_backlog(desk.store.pool)
    assert found.for_contact == {"sms": 1} and found.outbox == {} and found.stuck == {}
