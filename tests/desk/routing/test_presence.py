"""Presence: what agents say, corrected by what their pages show; and what they leave behind when they go."""

from datetime import timedelta

import pytest

from desk.model import Actor, By, Conversation
from desk.routing.absences import GRACE
from desk.routing.presence import IDLE, LOAD_LIFE, PAGE_LIFE
from desk.store.dialogue import conversations, standing, transitions
from desk.store.people import agents
from tests.support.routing import Work


async def _correct(work: Work) -> None:
    await work.upkeep.look()


async def test_who_touches_nothing_is_away_until_they_do(work: Work) -> None:
    ana, ben = await work.agent(), await work.agent("Ben", state="wrap_up")
    work.now += IDLE - timedelta(seconds=1)
    await _correct(work)
    assert (await work.presence(ana)).state == "available"
    work.now += timedelta(seconds=2)
    await _correct(work)
    assert [(await work.presence(one)).state for one in (ana, ben)] == ["away", "wrap_up"]
    # The open page alone is no input; a key is.
    await work.upkeep.presences.saw_page(ana, work.now)
    assert (await work.presence(ana)).state == "away"
    assert (await work.upkeep.presences.saw_input(ana, work.now, page=False)).state == "available"


async def test_a_dead_browser_is_offline_and_a_sign_of_it_brings_back_what_was_said(work: Work) -> None:
    ana = await work.agent(state="break")
    await work.upkeep.presences.saw_page(
        ana, work.now
    )  # a page with scripts: only its signs count from now on
    work.now += PAGE_LIFE + timedelta(seconds=1)
    await _correct(work)
    before = await work.presence(ana)
    assert (before.state, before.chosen) == ("offline", "break")
    await work.upkeep.presences.saw_page(ana, work.now)
    assert (await work.presence(ana)).state == "break"
    # Without scripts the loading of a page is believed for longer.
    await work.upkeep.presences.saw_input(ana, work.now, page=True)
    work.now += timedelta(minutes=20)
    await _correct(work)
    assert (await work.presence(ana)).state == "break"
    work.now += LOAD_LIFE
    await _correct(work)
    assert (await work.presence(ana)).state == "offline"


async def test_signing_in_makes_agents_available_and_supervisors_not(work: Work) -> None:
    for role, state in (("agent", "available"), ("supervisor", "away")):
        actor = await work.agent(role=role, state="offline")
        await work.upkeep.presences.begin(actor, work.now)
        assert (await work.presence(actor)).state == state


async def _held(work: Work, agent: Actor, *, answered: bool = False, inbox: str = "web") -> Conversation:
    waiting = await work.queued(inbox=inbox)
    await conversations.assign(
        work.store.pool, waiting.id, agent.agent_id, By("agent", "claimed", agent.agent_id)
    )
    if answered:
        await conversations.mark_agent_replied(
            work.store.pool, waiting.id, By("agent", "replied", agent.agent_id)
        )
    return waiting


@pytest.mark.parametrize(("signs_out", "why"), [(True, "signed_out"), (False, "agent_gone")])
async def test_what_waits_for_somebody_who_is_gone_returns_to_its_place(
    work: Work, signs_out: bool, why: str
) -> None:
    ana = await work.agent()
    waits, mail = await _held(work, ana), await _held(work, ana, inbox="mail")
    answered, later = await _held(work, ana, answered=True), await work.queued()
    if signs_out:
        await work.choose(ana, "offline")
    else:
        await work.upkeep.presences.saw_page(ana, work.now)
        work.now += PAGE_LIFE + timedelta(seconds=1)
        await _correct(work)
    work.now += GRACE - timedelta(seconds=5)
    await _correct(work)
    assert (await work.state(waits)).state == "assigned"
    work.now += timedelta(seconds=10)
    await _correct(work)
    now = await work.state(waits)
    assert (now.state, now.queued_at, now.agent_id) == ("queued", waits.queued_at, None)
    assert await standing.get_place(work.store.pool, waits.id) == 1
    assert await standing.get_place(work.store.pool, later.id) == 2
    last = (await transitions.list_of_conversation(work.store.pool, waits.id))[-1]
    assert (last.actor_kind, last.why, last.from_agent_id) == ("system", why, ana.agent_id)
    assert [(await work.state(one)).state for one in (mail, answered)] == ["assigned", "waiting_on_contact"]
    # The citizen writes: now it waits for an agent.
    await conversations.mark_contact_wrote(work.store.pool, answered.id)
    await _correct(work)
    assert (await work.state(answered)).state == "queued"
    assert await work.store.pool.fetchval("SELECT count(*) FROM audit WHERE action = 'put_back'") == 2


async def test_a_deactivated_agent_keeps_nothing_that_waits(work: Work) -> None:
    ana = await work.agent()
    held = [await _held(work, ana), await _held(work, ana, inbox="mail")]
    await agents.set_active(work.store.pool, ana.agent_id, False)
    await _correct(work)
    assert [(await work.state(one)).state for one in held] == ["queued", "queued"]


async def test_whoever_comes_back_in_time_keeps_what_they_had(work: Work) -> None:
    ana = await work.agent()
    held = await _held(work, ana)
    await work.upkeep.presences.saw_page(ana, work.now)
    work.now += PAGE_LIFE + timedelta(seconds=1)
    await _correct(work)
    await work.upkeep.presences.saw_page(ana, work.now)
    work.now += GRACE
    await work.upkeep.presences.saw_page(ana, work.now)
    await _correct(work)
    assert (await work.state(held)).agent_id == ana.agent_id
