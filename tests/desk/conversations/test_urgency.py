"""Urgent conversations are first in the queue, however long others have waited."""

from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Handoff, Scope
from desk.store.dialogue import conversations, desk_rows, standing
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off


async def _waiting(desk: Desk) -> list[tuple[str | None, int | None]]:
    agent = await desk.agent()
    pool = desk.store.pool
    queue = await desk_rows.list_next(pool, Scope(True, agent.teams, agent.agent_id), 10)
    found = [await conversations.get_by_id(pool, one) for one in queue]
    return [(one.urgency, await standing.get_place(pool, one.id)) for one in found if one]


async def test_the_urgent_are_queued_first_and_by_time_among_themselves(desk: Desk) -> None:
    async with desk.working(city=desk.city):
        for urgency in (None, "fire", None, "missing"):
            desk.bot.behaviour = hands_off("distress" if urgency else "asked", urgency=urgency)
            contact = await desk.contact()
            await desk.send(contact, "hello")
            last = (await desk.settled(contact))[-1]
        assert "Your place in the queue: 2" in last.text
    assert await _waiting(desk) == [("fire", 1), ("missing", 2), (None, 3), (None, 4)]


async def test_who_waits_and_tells_of_danger_moves_forward(desk: Desk) -> None:
    first, second = await desk.queued(), await desk.queued()
    handoffs = Handoffs(desk.city, MessageWriter(desk.city, desk.catalog), desk.clock)
    handoff = Handoff("distress", "The citizen wrote: my child is missing", "missing")
    async with desk.store.transaction() as transaction:
        assert await handoffs.mark_urgent(transaction, second, handoff)
        assert not await handoffs.mark_urgent(transaction, second, Handoff("asked"))
    assert await standing.get_place(desk.store.pool, second.id) == 1
    assert await standing.get_place(desk.store.pool, first.id) == 2
    now = await conversations.get_by_id(desk.store.pool, second.id)
    assert now is not None and now.urgency == "missing" and now.handoff_reason == "distress"
    assert (now.handoff_summary or "").splitlines() == [handoff.summary, "Wants a person."]


async def test_the_first_kind_of_danger_stays_and_a_claimed_one_is_not_marked(desk: Desk) -> None:
    queued = await desk.queued()
    pool = desk.store.pool
    assert await conversations.mark_urgent(pool, queued.id, "fire", "a")
    assert await conversations.mark_urgent(pool, queued.id, "medical", "b")
    now = await conversations.get_by_id(pool, queued.id)
    assert now is not None and now.urgency == "fire"
    await desk.ownership.claim(await desk.agent(), queued.id)
    assert not await conversations.mark_urgent(pool, queued.id, "gas", "c")


async def test_back_in_the_queue_it_is_still_urgent_and_reopened_it_is_not(desk: Desk) -> None:
    queued = await desk.queued()
    pool, agent = desk.store.pool, await desk.agent()
    await conversations.mark_urgent(pool, queued.id, "fire", "a")
    by = By("agent", "released", agent.agent_id)
    await conversations.assign(pool, queued.id, agent.agent_id, By("agent", "claimed", agent.agent_id))
    released = await conversations.release(pool, queued.id, by)
    assert released is not None and released.urgency == "fire"
    await conversations.resolve(pool, queued.id, By("agent", "resolved", agent.agent_id))
    again = await conversations.reopen(pool, queued.id, "front-desk", By("agent", "reopened", agent.agent_id))
    assert again is not None and again.urgency is None
