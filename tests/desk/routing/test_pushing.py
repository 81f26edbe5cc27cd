"""Push: who is offered what, decided by the database once for each conversation."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from city import City
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.model import By, WrongState
from desk.people.permissions import scope_of
from desk.routing.offers import Offers
from desk.runtime.live import Live
from desk.store.dialogue import conversations, desk_rows, standing, transitions
from desk.store.people import agents
from desk.store.pool import open_store
from desk.store.routing import queue
from tests.support.routing import FRONT, Work, work_at


async def test_the_next_goes_to_who_has_been_free_longest_and_stays_at_its_place(work: Work) -> None:
    ana = await work.agent()
    work.now += timedelta(seconds=1)
    ben = await work.agent("Ben")
    first, second = await work.queued(), await work.queued()
    urgent = await work.queued(urgency="fire")
    await queue.set_priority(work.store.pool, second.id, 1)
    assert await work.upkeep.pushing.drain() == 3
    # Urgency, priority, waiting time; in turns.
    assert await work.offered(ana) == [urgent.id, first.id]
    assert await work.offered(ben) == [second.id]
    now = await work.state(first)
    assert (now.state, now.agent_id, now.queued_at) == ("queued", None, first.queued_at)
    assert await standing.get_place(work.store.pool, first.id) == 3
    # Offered to one, it is nobody else's next.
    assert await desk_rows.list_next(work.store.pool, scope_of(ben), 9) == [second.id]
    assert await work.upkeep.pushing.drain() == 0


async def test_nobody_is_given_more_than_their_capacity(work: Work) -> None:
    ana = await work.agent(capacity=2)
    waiting = [await work.queued() for _ in range(4)]
    assert await work.upkeep.pushing.drain() == 2
    held = await work.presence(ana)
    assert (held.shown, held.full) == ("2/2", True)
    # More capacity is used at once; a mail takes less than a third of a chat.
    await agents.set_work(work.store.pool, ana.agent_id, [], [], 3)
    assert await work.upkeep.pushing.drain() == 1
    await agents.set_work(work.store.pool, ana.agent_id, [], [], 4)
    await conversations.resolve(work.store.pool, waiting[3].id, By("system", "resolved"))
    mails = [await work.queued(inbox="mail") for _ in range(5)]
    assert await work.upkeep.pushing.drain() == 3
    assert (await work.presence(ana)).shown == "3.9/4"
    assert set(await work.offered(ana)) == {one.id for one in (*waiting[:3], *mails[:3])}


async def test_language_skills_and_team_decide_unless_nobody_has_them(work: Work) -> None:
    skilled = msgspec.structs.replace(FRONT, skills=("permits", "suicide"))
    await work.team(skilled)
    ana = await work.agent(languages=("en",))
    sofia = await work.agent("Sofia", languages=("es",), skills=("permits", "suicide"))
    other = await work.agent("Tom", team="taxes")
    spanish = await work.queued(language="es")
    permit = await work.queued(topic="permits", language="es")
    english = await work.queued()
    french = await work.queued(language="fr")
    await work.upkeep.pushing.drain()
    assert set(await work.offered(sofia)) >= {spanish.id, permit.id}
    assert english.id in await work.offered(ana)
    # Nobody speaks French: then anybody.
    assert french.id in [*await work.offered(ana), *await work.offered(sofia)]
    assert await work.offered(other) == []
    # Somebody in the team has what is needed, and is not there: it waits for them.
    await work.choose(sofia, "break")
    waits = [await work.queued(topic="permits"), await work.queued(language="es")]
    urgent = await work.queued(urgency="suicide", language="es")
    await work.upkeep.pushing.drain()
    # Danger does not wait for a language or a skill.
    offered = await work.offered(ana)
    assert urgent.id in offered and not {one.id for one in waits} & set(offered)


async def test_only_who_is_available_and_only_push_teams(work: Work) -> None:
    await work.team(msgspec.structs.replace(FRONT, name="taxes", mode="pull"))
    for state in ("break", "wrap_up", "away", "offline"):
        await work.agent(state=state)
    await work.agent("Tom", team="taxes")
    await work.queued()
    await work.queued(team="taxes")
    assert await work.upkeep.pushing.drain() == 0


async def test_two_workers_push_at_once_and_agents_take_and_resolve(
    work: Work, pg_url: str, live: Live, city: City, catalog: Catalog
) -> None:
    """200 conversations: each is had by exactly one agent, nobody is above capacity, nothing is left."""
    stores = [await open_store(pg_url, size=4) for _ in range(2)]
    workers = [work_at(store, live, city, catalog) for store in stores]
    people = [await work.agent(f"Agent {number}", capacity=3) for number in range(8)]
    waiting = [await work.queued() for _ in range(200)]
    ownership = Ownership(work.store, live, city, catalog, lambda: work.now)
    taking = Offers(ownership)
    above: list[int] = []

    async def act(number: int) -> None:
        for conversation_id in await work.offered(people[number]):
            await taking.accept(people[number], conversation_id)
        above.append((await work.presence(people[number])).load)
        for row in await desk_rows.list_mine(work.store.pool, scope_of(people[number]), []):
            await ownership.resolve(people[number], row.id)

    for _ in range(100):
        await asyncio.gather(*(one.upkeep.pushing.drain() for one in workers))
        await asyncio.gather(*(act(number) for number in range(len(people))))
        if not await work.store.pool.fetchval("SELECT count(*) FROM conversations WHERE state <> 'resolved'"):
            break
    for one in waiting:
        moves = [
            (row.to_state, row.why) for row in await transitions.list_of_conversation(work.store.pool, one.id)
        ]
        assert moves[2:] == [("assigned", "pushed"), ("resolved", "resolved")]
    assert max(above) <= 300
    assert await work.store.pool.fetchval("SELECT count(*) FROM conversation_offers") == 200
    for store in stores:
        await store.close()


async def test_a_worker_offers_by_itself_the_moment_somebody_is_free(
    work: Work, live: Live, city: City, catalog: Catalog
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(work.upkeep.run(stop))
    waiting = await work.queued()
    ana = await work.agent()
    await live.tell_console("presence")
    async with asyncio.timeout(10):
        while not await work.offered(ana):
            await asyncio.sleep(0.02)
    stop.set()
    await running
    assert await work.offered(ana) == [waiting.id]


async def test_an_offer_is_over_when_somebody_claims_it_or_it_moves(
    work: Work, live: Live, city: City, catalog: Catalog
) -> None:
    ana = await work.agent()
    ben = await work.agent("Ben", state="break")
    ownership = Ownership(work.store, live, city, catalog, lambda: work.now)
    waiting = await work.queued()
    await work.upkeep.pushing.drain()
    await ownership.claim(ben, waiting.id)
    assert await work.offered(ana) == []
    for act in (Offers(ownership).accept, Offers(ownership).decline, Offers(ownership).withdraw):
        with pytest.raises(WrongState, match="expired"):
            await act(ana, waiting.id)
    assert (await work.presence(ana)).load == 0
