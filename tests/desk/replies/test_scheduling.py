"""What goes later: the sentence after a resolve, which can be undone, and agents' own messages."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from desk.building import build_common
from desk.conversations.ownership import UNDO
from desk.conversations.reply_extras import ReplyExtras
from desk.model import NotFound, Refused, WrongState
from desk.replies.scheduler import Scheduler
from desk.replies.scheduling import Scheduling
from desk.store.dialogue import transitions
from desk.store.replies import drafts, scheduled
from tests.support.desk import Desk

CLOSED = "This conversation is closed. Write again whenever you need something."


def _scheduler(desk: Desk) -> Scheduler:
    common = build_common(replace(desk.resources(), store=desk.worker_store))
    return Scheduler(desk.worker_store, common.writer, common.announcer, desk.clock)


async def test_the_citizen_hears_of_a_resolve_eight_seconds_later(desk: Desk) -> None:
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    agent = await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    scheduler = _scheduler(desk)
    await desk.ownership.resolve(agent, waiting.id)
    assert [one.text for one in await desk.log(contact)][-1] != CLOSED
    desk.now += UNDO - timedelta(milliseconds=1)
    assert await scheduler.send_due() == 0
    desk.now += timedelta(milliseconds=1)
    # Two workers look at the same moment; one says it.
    assert sum(await asyncio.gather(scheduler.send_due(), _scheduler(desk).send_due())) == 1
    assert [one.text for one in await desk.log(contact)].count(CLOSED) == 1
    with pytest.raises(WrongState, match="too late"):
        await desk.ownership.undo_resolve(agent, waiting.id)


async def test_undo_gives_it_back_as_it_was_and_says_nothing(desk: Desk) -> None:
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    agent = await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "Done?", "one")
    before = len(await desk.log(contact))
    await desk.ownership.resolve(agent, waiting.id)
    back = await desk.ownership.undo_resolve(agent, waiting.id)
    assert (back.state, back.agent_id, back.resolved_at) == ("waiting_on_contact", agent.agent_id, None)
    desk.now += timedelta(minutes=1)
    assert await _scheduler(desk).send_due() == 0
    assert len(await desk.log(contact)) == before
    last = (await transitions.list_of_conversation(desk.store.pool, waiting.id))[-1]
    assert (last.why, last.from_state, last.to_state) == ("resolve_undone", "resolved", "waiting_on_contact")
    with pytest.raises(WrongState):
        await desk.ownership.undo_resolve(agent, waiting.id)


async def test_whoever_writes_on_or_is_reopened_is_not_told_that_it_is_closed(desk: Desk) -> None:
    agent = await desk.agent()
    contact = await desk.contact()
    first = await desk.queued(contact)
    await desk.ownership.resolve(agent, first.id)
    await desk.queued(contact)  # they wrote again, and a new conversation is open
    with pytest.raises(WrongState, match="too late"):
        await desk.ownership.undo_resolve(agent, first.id)
    other = await desk.contact()
    second = await desk.queued(other)
    await desk.ownership.resolve(agent, second.id)
    await desk.ownership.reopen(agent, second.id)
    desk.now += UNDO
    assert await _scheduler(desk).send_due() == 0
    said = [one.text for one in (*await desk.log(contact), *await desk.log(other))]
    assert CLOSED not in said


async def test_a_message_for_later_goes_at_its_time_once(desk: Desk) -> None:
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    agent = await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    do = Scheduling(desk.ownership, desk.clock)
    due = desk.now + timedelta(hours=2)
    await drafts.set_draft(desk.store.pool, agent.agent_id, waiting.id, "Your permit", desk.now)
    extras = ReplyExtras(choices=("Thanks",))
    for _ in range(2):
        await do.reply_later(agent, waiting.id, "Your permit is ready.", "one", due, extras)
    assert len(await scheduled.list_replies(desk.store.pool, waiting.id)) == 1
    assert await drafts.get_text(desk.store.pool, agent.agent_id, waiting.id) == ""
    assert await _scheduler(desk).send_due() == 0
    desk.now = due
    assert await _scheduler(desk).send_due() == 1
    assert await _scheduler(desk).send_due() == 0
    last = (await desk.log(contact))[-1]
    assert (last.author, last.text, last.agent_id) == ("agent", "Your permit is ready.", agent.agent_id)
    assert [one.title for one in last.buttons] == ["Thanks"]
    assert (await desk.conversation(contact)).state == "waiting_on_contact"


async def test_a_cancelled_message_is_a_draft_again(desk: Desk) -> None:
    waiting = await desk.queued()
    agent = await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    do = Scheduling(desk.ownership, desk.clock)
    await do.reply_later(agent, waiting.id, "Not yet.", "one", desk.now + timedelta(hours=1))
    (kept,) = await scheduled.list_replies(desk.store.pool, waiting.id)
    other = await desk.queued()
    with pytest.raises(NotFound):
        await do.cancel(agent, other.id, kept.id)
    await do.cancel(agent, waiting.id, kept.id)
    assert await drafts.get_text(desk.store.pool, agent.agent_id, waiting.id) == "Not yet."
    desk.now += timedelta(hours=2)
    assert await _scheduler(desk).send_due() == 0
    with pytest.raises(NotFound):
        await do.cancel(agent, waiting.id, kept.id)


@pytest.mark.parametrize("minutes", [-1, 0, 91 * 24 * 60])
async def test_a_time_that_passed_or_is_far_away_is_refused(desk: Desk, minutes: int) -> None:
    waiting = await desk.queued()
    agent = await desk.agent()
    await desk.ownership.claim(agent, waiting.id)
    with pytest.raises(Refused, match="within the next 90 days"):
        await Scheduling(desk.ownership, desk.clock).reply_later(
            agent, waiting.id, "Hello", "one", desk.now + timedelta(minutes=minutes)
        )
    assert await scheduled.list_replies(desk.store.pool, waiting.id) == []


async def test_only_the_agent_who_has_it_keeps_a_message_for_later(desk: Desk) -> None:
    waiting = await desk.queued()
    agent = await desk.agent()
    with pytest.raises(WrongState):
        await Scheduling(desk.ownership, desk.clock).reply_later(
            agent, waiting.id, "Hello", str(uuid4()), desk.now + timedelta(hours=1)
        )
