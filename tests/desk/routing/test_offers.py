"""Offers: accepted, declined, not answered; who comes back; and urgent conversations that nobody claims."""

import msgspec
import pytest

from city import City
from desk.conversations.ownership import Ownership
from desk.conversations.transfers import Transfers
from desk.knowledge.catalogue import Catalog
from desk.model import By, NotAllowed, NotFound
from desk.people.permissions import scope_of
from desk.routing.offers import Offers
from desk.routing.team_directory import FRESH, TeamDirectory, seed_teams
from desk.runtime.live import Live
from desk.store.dialogue import conversations, desk_rows, messages, transitions
from desk.store.routing import offers, teams
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.routing import FRONT, Work


@pytest.fixture
def ownership(work: Work, live: Live, city: City, catalog: Catalog) -> Ownership:
    return Ownership(work.store, live, city, catalog, work.clock)


async def test_not_answered_it_goes_to_the_next_and_who_missed_it_is_away(work: Work) -> None:
    ana, waiting = await work.agent(), await work.queued()
    await work.upkeep.pushing.drain()
    await work.expire(waiting)
    await work.upkeep.look()
    assert (await work.presence(ana)).state == "away" and (await work.presence(ana)).load == 0
    ben = await work.agent("Ben")
    await work.upkeep.pushing.drain()
    assert await work.offered(ben) == [waiting.id]
    now = await work.state(waiting)
    assert (now.queued_at, now.fence) == (waiting.queued_at, waiting.fence)
    # A key is not enough to be available again: they did not see the last one.
    await work.touch(ana)
    assert (await work.presence(ana)).state == "away"


async def test_declined_it_is_not_offered_to_the_same_agent_again(work: Work, ownership: Ownership) -> None:
    ana, waiting = await work.agent(), await work.queued()
    await work.upkeep.pushing.drain()
    await Offers(ownership).decline(ana, waiting.id)
    assert await work.upkeep.pushing.drain() == 0 and (await work.presence(ana)).state == "available"
    ben = await work.agent("Ben")
    await work.upkeep.pushing.drain()
    assert await work.offered(ben) == [waiting.id]


async def test_a_transfer_stays_with_the_sender_until_it_is_accepted(
    work: Work, ownership: Ownership
) -> None:
    ana, ben = await work.agent(state="break"), await work.agent("Ben", state="break")
    transfers, taking = Transfers(ownership), Offers(ownership)
    waiting = await work.queued()
    await ownership.claim(ana, waiting.id)

    async def outcome() -> str | None:
        last = await offers.get_last_transfer(work.store.pool, waiting.id)
        assert last is not None
        return last.outcome

    for end in ("declined", "timed_out", "withdrawn", "accepted"):
        await transfers.to_agent(ana, waiting.id, ben.agent_id, "", end)
        assert await work.offered(ben) == [waiting.id] and (await work.presence(ben)).load == 100
        assert (await work.state(waiting)).agent_id == ana.agent_id
        if end == "declined":
            await taking.decline(ben, waiting.id)
        elif end == "withdrawn":
            await taking.withdraw(ana, waiting.id)
        elif end == "accepted":
            await taking.accept(ben, waiting.id)
        else:
            await work.expire(waiting)
            await work.upkeep.look()
        assert await outcome() == end and await work.offered(ben) == []
    assert (await work.state(waiting)).agent_id == ben.agent_id
    said = await messages.list_after(work.store.pool, waiting.contact_id, 0)
    assert [message.text.partition(" ")[0] for message in said] == ["Ana", "Ben"]


async def test_a_supervisor_assigns_and_takes_over_in_one_step(work: Work, ownership: Ownership) -> None:
    ana, sue = await work.agent(state="break"), await work.agent("Sue", role="supervisor", state="away")
    stranger = await work.agent("Tom", team="taxes")
    transfers, waiting = Transfers(ownership), await work.queued()
    with pytest.raises(NotAllowed):
        await transfers.assign(ana, waiting.id, ana.agent_id, "", "1")
    with pytest.raises(NotFound):
        await transfers.assign(sue, waiting.id, stranger.agent_id, "", "1")
    assert (await transfers.assign(sue, waiting.id, ana.agent_id, "", "1")).agent_id == ana.agent_id
    assert (await transfers.assign(sue, waiting.id, sue.agent_id, "", "2")).agent_id == sue.agent_id
    rows = await transitions.list_of_conversation(work.store.pool, waiting.id)
    assert [(row.why, row.actor_id) for row in rows[-2:]] == [
        ("assigned", sue.agent_id), ("taken_over", sue.agent_id),
    ]  # fmt: skip


async def test_urgent_and_unclaimed_for_a_minute_calls_the_supervisors_once(
    work: Work, ownership: Ownership
) -> None:
    ana = await work.agent(state="break")
    urgent, usual = await work.queued(urgency="fire"), await work.queued()

    async def called() -> tuple[int, int]:
        await work.upkeep.look()
        lines = await work.store.pool.fetchval(
            "SELECT count(*) FROM audit WHERE action = 'supervisors_called'"
        )
        return lines, (await desk_rows.count_desk(work.store.pool, scope_of(ana))).paged

    assert await called() == (0, 0)
    await work.store.pool.execute(
        "UPDATE conversations SET queued_at = queued_at - interval '61 s' WHERE id = ANY($1)",
        [urgent.id, usual.id],
    )
    assert await called() == (1, 1) and await called() == (1, 1)
    await ownership.claim(ana, urgent.id)
    assert await called() == (1, 0)
    # Put back, nobody has it again.
    await ownership.release(ana, urgent.id)
    assert await called() == (2, 1)


async def test_a_change_of_a_team_is_seen_within_seconds_and_the_seed_takes_nothing_back(
    work: Work, city: City
) -> None:
    seconds = 0.0
    directory = TeamDirectory(city, lambda: seconds)
    await work.store.pool.execute("DELETE FROM teams")
    assert list(await directory.read(work.store.pool)) == list(city.teams)
    await seed_teams(work.store.pool, city)
    await work.team(msgspec.structs.replace(FRONT, title="Another"))
    await seed_teams(work.store.pool, city)
    seconds += FRESH
    found = (await directory.read(work.store.pool))[0]
    assert (found.title, found.mode) == ("Another", "push") and FRESH <= 5
    await teams.set_retired(work.store.pool, "front-desk", True)
    await seed_teams(work.store.pool, city)
    directory.forget()
    await work.team(msgspec.structs.replace(FRONT, name="taxes"))
    assert [team.name for team in await directory.read(work.store.pool)] == ["taxes"]


async def test_who_writes_again_soon_reaches_the_same_agent_or_the_queue(desk: Desk, work: Work) -> None:
    await work.team(msgspec.structs.replace(FRONT, mode="pull", return_minutes=30))
    desk.bot.behaviour = says({"text": "An answer."})
    ana = await work.agent()
    contact = await desk.contact()
    first = await desk.queued(contact)
    await desk.ownership.claim(ana, first.id)
    async with desk.working():
        await desk.ownership.resolve(ana, first.id)
        await desk.send(contact, "Thank you!")
        await desk.settled(contact)
        bots = await desk.conversation(contact)
        assert (bots.state, bots.id == first.id) == ("bot", False), "thanks are the bot's"
        await conversations.resolve(desk.store.pool, bots.id, By("system", "resolved"))
        await desk.store.pool.execute("DELETE FROM conversations WHERE id = $1", bots.id)

        await desk.send(contact, "It is still broken")
        await desk.settled(contact)
        again = await desk.conversation(contact)
        assert (again.id, again.state) == (first.id, "queued")
        assert await work.offered(ana) == [first.id]
        await Offers(desk.ownership).accept(ana, first.id)
        await desk.ownership.resolve(ana, first.id)

        # Not at work: the team's queue has it, with what was said before.
        await work.choose(ana, "break")
        await desk.send(contact, "And now?")
        await desk.settled(contact)
        assert (await desk.conversation(contact)).id == first.id and await work.offered(ana) == []
        await desk.ownership.resolve(ana, first.id)
        await desk.store.pool.execute(
            "UPDATE conversations SET resolved_at = resolved_at - interval '31 min', agent_id = $2 WHERE id = $1",
            first.id, ana.agent_id,
        )  # fmt: skip
        await desk.send(contact, "Another question")
        await desk.settled(contact)
        assert (await desk.conversation(contact)).state == "bot"
    whys = [row.why for row in await transitions.list_of_conversation(desk.store.pool, first.id)]
    assert whys.count("returned") == 3
