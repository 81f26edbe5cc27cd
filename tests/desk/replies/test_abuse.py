"""Abuse: a warning, and a block for a time that keeps nobody in danger from a person."""

from datetime import timedelta

import pytest

from desk.model import By, Conversation, Handoff, NotAllowed, Refused, WrongState
from desk.replies.abuse import Abuse
from desk.store.dialogue import conversations
from desk.store.people import audit, contacts
from tests.support.desk import Desk


async def _asks_again(desk: Desk, before: Conversation, reason: str = "asked") -> str:
    """A new conversation with the bot, which hands it off; its state then."""
    async with desk.store.transaction() as transaction:
        contact = await contacts.lock(transaction, before.contact_id)
        assert contact is not None
        new = await conversations.add_conversation(transaction, contact, "en")
        handoff = Handoff(reason)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
        after = await desk.ownership.handoffs.hand_off(transaction, new, handoff, By("bot", "asked"))
        await conversations.resolve(transaction, new.id, By("system", "resolved"))
        return after.state


async def test_a_blocked_contact_keeps_the_bot_and_reaches_people_in_danger(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    held = await desk.queued(contact)
    do = Abuse(desk.ownership, desk.clock)
    with pytest.raises(WrongState):
        await do.warn(agent, held.id)
    await desk.ownership.claim(agent, held.id)
    await do.warn(agent, held.id)
    with pytest.raises(Refused):
        await do.block(agent, held.id, 5)
    await do.block(agent, held.id, 24)
    said = [one.text for one in await desk.log(contact)]
    assert said[-2].startswith("Please stay polite.") and "will not reply to you here until" in said[-1]
    assert await _asks_again(desk, held) == "bot"
    assert (await desk.log(contact))[-1].text.startswith("Our staff will not reply to you here for a while")
    assert await _asks_again(desk, held, "distress") == "queued"
    desk.now += timedelta(hours=24)
    assert await _asks_again(desk, held) == "queued"
    lines = [line["action"] for line in await audit.list_of_conversation(desk.store.pool, held.id)]
    assert lines[:2] == ["block", "warn"]


async def test_a_supervisor_ends_a_block(desk: Desk) -> None:
    agent, boss = await desk.agent(), await desk.agent("Kim", "supervisor")
    held = await desk.queued()
    await desk.ownership.claim(agent, held.id)
    do = Abuse(desk.ownership, desk.clock)
    with pytest.raises(NotAllowed):
        await do.block(await desk.agent("Ben"), held.id, 1)  # it is not his
    await do.block(agent, held.id, 1)
    with pytest.raises(NotAllowed):
        await do.unblock(agent, held.id)
    assert await _asks_again(desk, held) == "bot"
    await do.unblock(boss, held.id)
    assert await _asks_again(desk, held) == "queued"
