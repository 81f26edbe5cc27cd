"""Planned shifts, and who was at work when."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from city import City
from city.hours import read_hours
from desk.model import By
from desk.reporting.periods import Period
from desk.reporting.presence import read_at_work
from desk.routing.absences import is_over
from desk.store.dialogue import conversations, transitions
from desk.store.people.work import set_work
from tests.support.routing import Work


async def test_what_waits_after_the_end_of_a_shift_returns_unless_the_agent_goes_on(
    work: Work, city: City
) -> None:
    ana, ben = await work.agent("Ana"), await work.agent("Ben")
    local = work.now.astimezone(city.zone)
    ends = local + timedelta(hours=1)
    shifts = read_hours(
        {"week": {f"{local:%A}".lower(): [f"{local:%H:%M}-{ends:%H:%M}"]}, "keeps_holidays": False}
    )
    held = {}
    for agent in (ana, ben):
        assert await set_work(work.store.pool, agent.agent_id, [], [], 5, shifts, 1)
        held[agent.name] = await work.queued()
        by = By("agent", "claimed", agent.agent_id)
        await conversations.assign(work.store.pool, held[agent.name].id, agent.agent_id, by)

    async def states(minutes_after: int) -> list[str]:
        work.now = ends + timedelta(minutes=minutes_after)
        await work.choose(ana, "wrap_up")
        await work.choose(ben, "available")
        await work.upkeep.look()
        return [(await work.state(one)).state for one in held.values()]

    assert await states(14) == ["assigned", "assigned"], "the grace time is not over"
    assert await states(16) == ["queued", "assigned"], "who says that they are available goes on"
    last = (await transitions.list_of_conversation(work.store.pool, held["Ana"].id))[-1]
    assert (last.actor_kind, last.why) == ("system", "shift_over")


async def test_nothing_is_offered_after_the_end_of_a_shift_unless_the_agent_says_so_then(
    work: Work, city: City
) -> None:
    ana, ben = await work.agent("Ana"), await work.agent("Ben", state="break")
    local = work.now.astimezone(city.zone)
    ends = local + timedelta(hours=1)
    shifts = read_hours(
        {"week": {f"{local:%A}".lower(): [f"{local:%H:%M}-{ends:%H:%M}"]}, "keeps_holidays": False}
    )
    assert await set_work(work.store.pool, ana.agent_id, [], [], 5, shifts, 1)
    work.now = ends.replace(second=0, microsecond=0) - timedelta(minutes=1)
    for agent in (ana, ben):
        await work.touch(agent)
    before = await work.queued()
    await work.upkeep.look()
    await work.upkeep.pushing.drain()
    assert await work.offered(ana) == [before.id], "the shift is not over"

    work.now += timedelta(minutes=2)
    for agent in (ana, ben):
        await work.touch(agent)
    after = await work.queued()
    await work.upkeep.look()
    await work.upkeep.pushing.drain()
    assert (await work.presence(ana)).state == "away"
    assert after.id not in await work.offered(ana)
    await work.touch(ana)
    assert (await work.presence(ana)).state == "away", "a key is no answer to the end of a shift"
    assert (await work.presence(ben)).state == "break", "no shift of his ended"

    await work.choose(ana, "available")
    await work.upkeep.look()
    await work.upkeep.pushing.drain()
    assert after.id in await work.offered(ana), "who goes on is asked again"
    lines = await work.store.pool.fetch("SELECT agent_id FROM audit WHERE action = 'shift_over'")
    assert [row["agent_id"] for row in lines] == [ana.agent_id]


def test_a_day_without_a_shift_takes_nothing_away(city: City) -> None:
    shifts = read_hours({"week": {"monday": ["22:00-06:00"]}, "keeps_holidays": False})
    monday = datetime(2026, 11, 23, 12, tzinfo=city.zone)
    assert not is_over(city, shifts, monday), "it has not begun"
    assert not is_over(city, shifts, monday + timedelta(hours=14)), "past midnight"
    assert not is_over(city, shifts, monday + timedelta(hours=18, minutes=14))
    assert is_over(city, shifts, monday + timedelta(hours=18, minutes=15))
    assert not is_over(city, shifts, monday + timedelta(days=3)), "long ago"


async def test_who_was_at_work_when_is_kept(work: Work) -> None:
    ana = await work.agent()
    began = work.now
    for minutes, state in ((60, "break"), (15, "available"), (30, "offline")):
        work.now += timedelta(minutes=minutes)
        await work.choose(ana, state)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
    period = Period(began.date() - timedelta(days=1), began.date() + timedelta(days=1), ZoneInfo("UTC"))
    boss = await work.agent("Kim", state="offline", role="supervisor")
    (found,) = await read_at_work(work.store.pool, boss, period, work.now + timedelta(hours=1))
    assert (found.name, found.seconds) == ("Ana", {"available": 5_400, "break": 900})
    assert [state for state, _, _ in found.spans] == ["available", "break", "available"]
    other = replace(boss, teams=("parks",), only_own_teams=True)
    assert await read_at_work(work.store.pool, other, period, work.now) == []
    await work.choose(ana, "available")
    work.now += timedelta(days=401)
    await work.choose(ana, "offline")
    kept = await work.store.pool.fetch("SELECT state FROM presence_history")
    assert [row["state"] for row in kept] == ["available"], "what ended 400 days ago is deleted"
