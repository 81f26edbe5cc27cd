"""What agents do: exactly one wins, each step is one transaction, each refusal beside its success."""

import asyncio
from uuid import uuid4

import pytest

from desk.model import AlreadyClaimed, NotAllowed, NotFound, Refused, WrongState
from desk.people.permissions import scope_of
from desk.store.dialogue import conversations, desk_rows
from desk.store.people import contacts
from tests.support.desk import CLOSED, Desk


async def _audit(desk: Desk) -> list[tuple[str, object]]:
    rows = await desk.store.pool.fetch("SELECT action, agent_id FROM audit ORDER BY id")
    return [(row["action"], row["agent_id"]) for row in rows]


async def test_of_twenty_concurrent_claims_one_wins(desk: Desk) -> None:
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    agents = [await desk.agent(f"Agent {number}") for number in range(20)]
    tried = await asyncio.gather(
        *(desk.ownership.claim(agent, waiting.id) for agent in agents), return_exceptions=True
    )
    winners = [
        agent for agent, result in zip(agents, tried, strict=True) if not isinstance(result, BaseException)
    ]
    losers = [result for result in tried if isinstance(result, AlreadyClaimed)]
    assert len(winners) == 1 and len(losers) == 19
    assert {loser.by for loser in losers} == {winners[0].name}
    now = await desk.conversation(contact)
    assert (now.state, now.agent_id, now.fence) == ("assigned", winners[0].agent_id, waiting.fence + 1)
    assert [m.text for m in await desk.log(contact)] == [
        f"{winners[0].name} is with you now and can read what you wrote."
    ]
    assert await _audit(desk) == [("claim", winners[0].agent_id)]


async def test_those_who_press_next_at_once_get_one_each(desk: Desk) -> None:
    waiting = [(await desk.queued(await desk.contact())).id for _ in range(12)]
    agents = [await desk.agent(f"Agent {number}") for number in range(14)]
    claimed = await asyncio.gather(*(desk.ownership.claim_next(agent) for agent in agents))
    assert sorted(one.id for one in claimed if one) == sorted(waiting)
    assert claimed.count(None) == 2, "nobody waits for the other two"


async def test_next_waits_for_no_other_claim_but_for_a_citizen_who_writes(desk: Desk) -> None:
    contact, ana, ben = await desk.contact(), await desk.agent(), await desk.agent("Ben")
    first, second = await desk.queued(contact), await desk.queued(await desk.contact())
    async with desk.store.transaction() as claiming:
        assert await desk_rows.lock_next(claiming, scope_of(ana)) == (first.id, contact.id, first.team)
        other = await asyncio.wait_for(desk.ownership.claim_next(ben), 20)
        assert other and other.id == second.id
    await desk.ownership.release(ben, second.id)
    async with desk.store.transaction() as writing:
        await contacts.lock(writing, contact.id)
        pressed = asyncio.create_task(desk.ownership.claim_next(ben))
        done, _ = await asyncio.wait({pressed}, timeout=0.2)
        assert not done, "the next one keeps its place"
    claimed = await pressed
    assert claimed and claimed.id == first.id


async def test_claiming_what_one_has_is_no_error_and_no_second_message(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    first = await desk.ownership.claim(agent, waiting.id)
    again = await desk.ownership.claim(agent, waiting.id)
    assert again.fence == first.fence and len(await desk.log(contact)) == 1


async def test_a_reply_sent_twice_is_one_message(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    await desk.ownership.claim(agent, waiting.id)
    sent = await asyncio.gather(*(desk.ownership.reply(agent, waiting.id, "Hello.", "c1") for _ in range(5)))
    other = await desk.ownership.reply(agent, waiting.id, "Hello.", "c2")
    assert len({message.id for message in sent}) == 1 and other.id != sent[0].id
    log = await desk.log(contact)
    assert [(m.author, m.agent_name, m.text) for m in log[1:]] == [("agent", "Ana", "Hello.")] * 2
    assert (await desk.conversation(contact)).state == "waiting_on_contact"


async def test_only_who_has_it_replies(desk: Desk) -> None:
    contact, agent, other = await desk.contact(), await desk.agent(), await desk.agent("Ben")
    waiting = await desk.queued(contact)
    with pytest.raises(WrongState):
        await desk.ownership.reply(agent, waiting.id, "Hello.", "c1")
    await desk.ownership.claim(agent, waiting.id)
    with pytest.raises(WrongState):
        await desk.ownership.reply(other, waiting.id, "Hello.", "c1")
    with pytest.raises(Refused):
        await desk.ownership.reply(agent, waiting.id, " \x00 ", "c1")
    assert (await desk.ownership.reply(agent, waiting.id, "Hello.", "c1")).text == "Hello."


async def test_each_step_moves_the_owner_raises_the_fence_and_tells_the_citizen(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    do = desk.ownership
    await do.claim(agent, waiting.id)
    back = await do.release(agent, waiting.id)
    assert (back.state, back.queued_at, back.agent_id) == ("queued", waiting.queued_at, None)
    await do.claim(agent, waiting.id)
    assert (await do.hand_back(agent, waiting.id)).state == "bot"
    done = await do.resolve(agent.__class__(agent.agent_id, agent.name, "supervisor", ()), waiting.id)
    assert done.state == "resolved"
    again = await do.reopen(agent, waiting.id)
    assert (again.state, again.agent_id, again.fence) == ("assigned", agent.agent_id, waiting.fence + 6)
    texts = [m.text for m in await desk.log(contact)]
    assert len(texts) == 5  # reopened before the citizen was told that it is closed
    assert "place in the queue" in texts[1] and "digital assistant" in texts[3]
    assert "is with you now" in texts[4]
    actions = [action for action, _ in await _audit(desk)]
    assert actions == ["claim", "release", "claim", "hand_back", "resolve", "reopen"]


async def test_another_team_does_not_learn_that_it_exists(desk: Desk) -> None:
    stranger, member = await desk.agent("Eve", teams=("parking",)), await desk.agent("Ana")
    waiting = await desk.queued()
    for act in (
        desk.ownership.claim,
        desk.ownership.hand_back,
        desk.ownership.resolve,
        desk.ownership.release,
    ):
        with pytest.raises(NotFound):
            await act(stranger, waiting.id)
    with pytest.raises(NotFound):
        await desk.ownership.claim(member, uuid4())
    assert (await desk.ownership.claim(member, waiting.id)).agent_id == member.agent_id


async def test_what_an_agent_has_only_they_or_a_supervisor_put_down(desk: Desk) -> None:
    owner, colleague = await desk.agent("Ana"), await desk.agent("Ben")
    supervisor = await desk.agent("Sue", role="supervisor", teams=())
    waiting = await desk.queued()
    await desk.ownership.claim(owner, waiting.id)
    for act in (desk.ownership.hand_back, desk.ownership.release, desk.ownership.resolve):
        with pytest.raises(NotAllowed):
            await act(colleague, waiting.id)
    assert (await desk.ownership.release(supervisor, waiting.id)).state == "queued"


async def test_outdated_steps_are_refused(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    with pytest.raises(WrongState):
        await desk.ownership.reopen(agent, waiting.id)
    with pytest.raises(WrongState):
        await desk.ownership.release(agent, waiting.id)
    await desk.ownership.resolve(agent, waiting.id)
    for act in (desk.ownership.claim, desk.ownership.resolve, desk.ownership.hand_back):
        with pytest.raises(WrongState):
            await act(agent, waiting.id)
    newer = await desk.queued(contact)
    with pytest.raises(WrongState, match="another open conversation"):
        await desk.ownership.reopen(agent, waiting.id)
    await desk.ownership.resolve(agent, newer.id)
    assert (await desk.ownership.reopen(agent, waiting.id)).agent_id == agent.agent_id


async def test_a_refusal_leaves_nothing_behind(desk: Desk) -> None:
    contact = await desk.contact()
    owner, late = await desk.agent("Ana"), await desk.agent("Ben")
    waiting = await desk.queued(contact)
    await desk.ownership.claim(owner, waiting.id)
    with pytest.raises(AlreadyClaimed):
        await desk.ownership.claim(late, waiting.id)
    assert [agent for _, agent in await _audit(desk)] == [owner.agent_id]
    assert len(await desk.log(contact)) == 1


async def test_out_of_hours_a_release_says_when_the_office_opens(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    await desk.ownership.claim(agent, waiting.id)
    desk.now = CLOSED
    await desk.ownership.release(agent, waiting.id)
    assert "Monday, November 23 at 8:30" in (await desk.log(contact))[-1].text


async def test_the_database_holds_one_open_conversation_for_a_contact(desk: Desk) -> None:
    contact = await desk.contact()
    await desk.queued(contact)
    with pytest.raises(Exception, match="conversations_one_open"):
        await conversations.add_conversation(desk.store.pool, contact, "en")


async def test_numbers_have_no_gap_when_many_write_at_once(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    await desk.ownership.claim(agent, waiting.id)
    async with desk.working(2):
        await asyncio.gather(
            *(desk.ownership.reply(agent, waiting.id, f"reply {n}", str(n)) for n in range(10)),
            *(desk.send(contact, f"message {n}") for n in range(10)),
        )
        log = await desk.settled(contact)
    assert [m.seq for m in log] == list(range(1, 22))
