"""The live wall, what a supervisor does beside a conversation, and promises in the list."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from city import City
from city.model import SlaPolicy
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Conversation
from desk.reporting.wall import read_wall
from desk.store.pool import Store
from tests.support.console import RunningConsole, running_console

IDLE = timedelta(minutes=30)


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """A console whose promises hold around the clock."""
    policies = (
        SlaPolicy(urgent=True, first_response=2, always=True),
        SlaPolicy(first_response=20, next_response=30, resolution=100, always=True),
    )
    promising = msgspec.structs.replace(city, sla=policies)
    async with running_console(store, redis_url, promising, catalog, tmp_path) as running:
        yield running


def _path(conversation: Conversation, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"


async def _waits(console: RunningConsole, minutes: int, **more: str) -> Conversation:
    queued = await console.queued(**more)
    await console.store.pool.execute(
        "UPDATE conversations SET queued_at = $2 WHERE id = $1",
        queued.id,
        console.clock() - timedelta(minutes=minutes),
    )
    return queued


async def test_the_wall_counts_teams_promises_and_agents(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    held = await _waits(console, 5)
    await ana.post(_path(held, "claim"))
    for minutes, urgency in ((25, None), (17, None), (3, None), (3, "fire")):
        await _waits(console, minutes, **({"urgency": urgency} if urgency else {}))
    taxes = await _waits(console, 1, team="taxes")
    _, actor = await console.agent("Dora", "supervisor")
    wall = await read_wall(console.store.pool, actor, console.city, console.clock(), IDLE)
    desk = next(one for one in wall.teams if one.team == "front-desk")
    assert (desk.waiting, desk.urgent, desk.turn, desk.on_contact) == (4, 1, 1, 0)
    assert (desk.at_risk, desk.missed) == (1, 2)  # 17 of 20 minutes; 25, and 3 of 2 for the urgent one
    assert wall.total.waiting == 5 and wall.total.oldest == desk.oldest
    assert {(one.agent.name, one.availability, one.agent.turn) for one in wall.agents} == {
        ("Ana Duarte", "available", 1),
        ("Carla Rossi", "away", 0),
    }
    own = await read_wall(
        console.store.pool, Actor(actor.agent_id, "D", "supervisor", ()), console.city, console.clock(), IDLE
    )
    assert own.total.waiting == 5
    # A supervisor of one team sees that team's conversations, and what its agents have of them.
    ines, in_parks = await console.agent("Ines", "supervisor", ("parks",))
    both = await console.store.pool.fetchval(
        "UPDATE agents SET teams = '{front-desk,parks}' WHERE name = 'Ana Duarte' RETURNING id"
    )
    parks = replace(in_parks, only_own_teams=True)
    wall = await read_wall(console.store.pool, parks, console.city, console.clock(), IDLE)
    assert wall.total.waiting == 0 and wall.teams == ()
    assert [(one.agent.id, one.agent.turn) for one in wall.agents] == [(both, 0)]
    await console.store.pool.execute("UPDATE agents SET only_own_teams = true WHERE email = $1", ines)
    limited = console.browser()
    await limited.sign_in(ines)
    for path in (
        "/console/wall",
        f"/console/wall/agents/{both}",
        "/console/",
        "/console/waits",
        "/console/reports",
    ):
        shown = await limited.get(path)
        assert shown.status == 200 and _path(held) not in shown.text and "front-desk" not in shown.visible
    await console.signed_in("Emil Novak", "editor")
    page = await carla.get("/console/wall")
    assert "Emil Novak" not in page.visible, "he answers nobody"
    assert "SLA missed 2" in page.visible and "Ana Duarte Available" in page.visible
    fragment = await carla.get("/console/wall/live")
    assert 'data-part="wall"' in fragment.text and "<html" not in fragment.text
    ana_id: UUID = await console.store.pool.fetchval("SELECT id FROM agents WHERE name = 'Ana Duarte'")
    shown = await carla.get(f"/console/wall/agents/{ana_id}")
    assert _path(held) in shown.text and _path(taxes) not in shown.text
    # The list and the conversation say the same, in words.
    assert "Answer due" in (await ana.get(_path(held))).visible
    listed = (await ana.get("/console/")).visible
    assert "5 min over" in listed and "1 min over" in listed and listed.count(" over target") == 2
    assert "due " in listed and (await ana.get("/console/")).text.count('class="sla missed loud"') == 1


async def test_a_response_is_promised_from_the_citizens_message_and_not_while_the_citizen_is_waited_for(
    console: RunningConsole,
) -> None:
    ana, _ = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    _, actor = await console.agent("Dora", "supervisor")
    held = await _waits(console, 60)
    await ana.post(_path(held, "claim"))
    await ana.post(_path(held, "reply"), data={"text": "Good morning.", "client_id": str(uuid4())})

    async def missed() -> tuple[int, int]:
        wall = await read_wall(console.store.pool, actor, console.city, console.clock(), IDLE)
        return wall.total.at_risk, wall.total.missed

    assert await missed() == (0, 0)
    said = await console.say(held, "And on Sunday?")
    assert await missed() == (0, 0)
    await console.store.pool.execute(
        "UPDATE messages SET created_at = $2 WHERE id = $1", said.id, console.clock() - timedelta(minutes=31)
    )
    # The hour in the queue is over: only the new message counts, and it is after the queue.
    await console.store.pool.execute(
        "UPDATE conversations SET queued_at = $2 WHERE id = $1",
        held.id,
        console.clock() - timedelta(minutes=60),
    )
    assert await missed() == (0, 1)


async def test_the_promised_end_stands_still_while_the_citizen_is_waited_for(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    held = await _waits(console, 130)
    await ana.post(_path(held, "claim"))
    await ana.post(_path(held, "reply"), data={"text": "Good morning.", "client_id": str(uuid4())})

    async def since(minutes: dict[str, int]) -> None:
        """When each of its changes was, in minutes before now."""
        for why, before in minutes.items():
            await console.store.pool.execute(
                "UPDATE conversation_transitions SET at = $3 WHERE conversation_id = $1 AND why = $2",
                held.id,
                why,
                console.clock() - timedelta(minutes=before),
            )

    # 20 minutes in the queue and 65 with Ana are 85 of 100; the last 45 waited for the citizen.
    await since({"opened": 131, "asked": 130, "claimed": 110, "replied": 45})
    assert "Should end soon" in (await ana.get("/console/")).visible
    assert "Not ended in time Front desk 0" in (await carla.get("/console/wall")).visible
    await since({"replied": 10})  # 120 of 100
    assert "Should have ended" in (await ana.get("/console/")).visible
    assert (await carla.get("/console/wall")).visible.split("Not ended in time")[1].split("Agents")[
        0
    ].split()[-1] == "1"
    await since({"replied": 100})  # 30 of 100
    assert "Should" not in (await ana.get("/console/")).visible


async def test_a_whisper_is_for_the_agent_alone_and_is_put_away(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    ben = await console.signed_in("Ben Okafor")
    held = await console.queued()
    path = _path(held)
    await ana.post(f"{path}/claim")
    refused = await ben.post(f"{path}/whisper", data={"text": "Psst"})
    assert refused.status == 404
    sent = await carla.post(f"{path}/whisper", data={"text": "Offer the <b> fee waiver", "client_id": "1"})
    assert "Only the agent sees it" in sent.visible and "not read yet" in sent.visible
    live = await ana.get(f"{path}/live?after=999")
    assert "Offer the <b> fee waiver" in live.visible and 'role="alert"' in live.text
    assert "fee waiver" not in (await ben.get(path)).visible
    assert all("fee waiver" not in message.text for message in await console.log(held))
    await ana.post(f"{path}/whisper-read")
    assert "fee waiver" not in (await ana.get(path)).visible
    assert ", read" in (await carla.get(path)).visible
    assert (await carla.post(f"{path}/whisper", data={"text": "  "})).status == 422
    await ana.post(f"{path}/release")
    assert (await carla.post(f"{path}/whisper", data={"text": "Too late"})).status == 409


async def test_a_review_counts_in_reports(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    held = await console.queued()
    await ana.post(_path(held, "claim"))
    await ana.post(_path(held, "resolve"))
    points = {"understood": "2", "correct": "1", "plain": "2", "process": "1", "note": "Good."}
    assert (await ana.post(_path(held, "review"), data=points)).status == 404
    assert (await carla.post(_path(held, "review"), data={"understood": "2"})).status == 422
    assert (await carla.post(_path(held, "review"), data={**points, "plain": "9"})).status == 422
    saved = await carla.post(_path(held, "review"), data=points)
    assert "The review is saved." in saved.visible and "75 %" in saved.visible
    await carla.post(_path(held, "review"), data={**points, "correct": "2", "process": "2"})
    assert "100 %" in (await carla.get("/console/reports?figure=quality")).visible
    assert "Quality review" not in (await ana.get(_path(held))).visible
