"""The pages of routing: presence in the bar, offers in the list, and what becomes of conversations when one signs out."""

import asyncio
import json
from uuid import uuid4

import msgspec

from desk.routing.capacity import measure_of
from desk.store.people import agents
from desk.store.routing import offers, presence, teams
from tests.support.console import Browser, RunningConsole


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def _state(console: RunningConsole, agent_id: object) -> str:
    return await console.store.pool.fetchval("SELECT state FROM agent_presence WHERE agent_id = $1", agent_id)


async def test_the_bar_shows_presence_and_load_and_the_menu_changes_it(console: RunningConsole) -> None:
    email, ana = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    assert "Available 0/5" in (await browser.get("/console/answers")).visible
    conversation = await console.queued()
    await browser.post("/console/next")
    page = await browser.post(
        "/console/presence", data={"state": "break", "conversation": str(conversation.id)}
    )
    assert page.url.endswith(_path(conversation)) and "On break 1/5" in page.visible
    for bad in ("offline", "", "asleep"):
        assert (await browser.post("/console/presence", data={"state": bad})).status == 422
    assert await _state(console, ana.agent_id) == "break"
    async with browser.http.post(
        f"{browser.base}/console/presence", data={"csrf": browser.csrf, "state": "available"},
        headers={"accept": "application/json"},
    ) as answer:  # fmt: skip
        assert await answer.json() == {"state": "available"}
    assert (await console.browser().post("/console/presence", data={"state": "away"})).status == 401


async def test_who_has_their_capacity_is_asked_before_the_next_and_not_in_danger(
    console: RunningConsole,
) -> None:
    email, ana = await console.agent()
    await agents.set_work(console.store.pool, ana.agent_id, [], [], 1)
    browser = console.browser()
    await browser.sign_in(email)
    _, second, third = [await console.queued() for _ in range(3)]
    await browser.post("/console/next")
    page = await browser.post("/console/next")
    assert "at your capacity" in page.visible and 'name="anyway"' in page.text
    assert (await console.state(second)).state == "queued"
    await browser.post("/console/next", data={"anyway": "1"})
    assert (await console.state(second)).agent_id == ana.agent_id
    urgent = await console.queued(urgency="fire")
    await browser.post("/console/next")
    assert (await console.state(urgent)).agent_id == ana.agent_id
    assert (await console.state(third)).state == "queued"


async def test_an_offer_is_declined_with_one_click_and_the_sender_sees_it(console: RunningConsole) -> None:
    ana = await console.signed_in()
    email, ben = await console.agent("Ben Okafor")
    other = console.browser()
    await other.sign_in(email)
    conversation = await console.queued()
    await ana.post(_path(conversation, "claim"))
    form = {"to": f"agent:{ben.agent_id}", "note": "", "client_id": str(uuid4())}
    await ana.post(_path(conversation, "transfer"), data=form)
    assert "Offered to you until" in (await other.get(_path(conversation))).visible
    page = await other.post(_path(conversation, "decline"))
    assert "Declined." in page.visible and "Offered to you" not in page.visible
    assert "Ben Okafor : declined." in (await ana.get(_path(conversation))).visible
    assert (await other.post(_path(conversation, "accept"))).status == 409
    # Withdrawn by the one who offers it.
    await ana.post(_path(conversation, "transfer"), data=form)
    assert (await other.post(_path(conversation, "withdraw"))).status == 409
    assert "withdrawn" in (await ana.post(_path(conversation, "withdraw"))).visible
    assert (await console.state(conversation)).agent_name == "Ana Duarte"


async def test_supervisors_assign_take_over_and_set_the_priority_and_agents_do_not(
    console: RunningConsole,
) -> None:
    ana_email, ana = await console.agent()
    agent = console.browser()
    await agent.sign_in(ana_email)
    carla = await console.signed_in("Carla Rossi", "supervisor")
    first, second = await console.queued(), await console.queued()
    for act, data in (
        ("transfer", {"to": f"assign:{ana.agent_id}"}), ("take-over", {}), ("priority", {"priority": "2"}),
    ):  # fmt: skip
        assert (await agent.post(_path(second, act), data=data)).status == 404, act
    assert (await carla.post(_path(second, "priority"), data={"priority": "9"})).status == 422
    page = await carla.post(_path(second, "priority"), data={"priority": "2"})
    assert "The priority is changed" in page.visible and "Place 1" in page.visible
    await agent.post("/console/next")
    assert (await console.state(second)).agent_id == ana.agent_id
    assert "Assign to Ana Duarte" in (await carla.get(_path(first))).visible
    await carla.post(_path(first, "transfer"), data={"to": f"assign:{ana.agent_id}", "client_id": "1"})
    assert (await console.state(first)).agent_id == ana.agent_id
    page = await carla.post(_path(first, "take-over"))
    assert "You have it now" in page.visible
    assert (await console.state(first)).agent_name == "Carla Rossi"


async def _three(console: RunningConsole, browser: Browser) -> list[object]:
    """Two that wait for an answer, and one that waits for the citizen."""
    held = [await console.queued() for _ in range(3)]
    for _ in held:
        await browser.post("/console/next")
    await browser.post(_path(held[2], "reply"), data={"text": "Hello", "client_id": str(uuid4())})
    return list(held)


async def test_signing_out_asks_what_becomes_of_what_waits(console: RunningConsole) -> None:
    email, ana = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    waits, other, answered = await _three(console, browser)
    page = await browser.post("/console/sign-out")
    assert "2 conversations wait for your answer" in page.visible and browser.cookie()
    page = await browser.post("/console/sign-out", data={"choice": "give", "to": "nobody", "keep": "1"})
    assert page.status == 422 and "Choose a colleague" in page.visible and browser.cookie()
    page = await browser.post("/console/sign-out", data={"choice": "return", "keep": "1"})
    assert "You are signed out." in page.visible
    for one in (waits, other):
        now = await console.state(one)  # type: ignore[arg-type]  # `object` here: whatever the fixture returned
        assert (now.state, now.queued_at) == ("queued", one.queued_at)  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    assert (await console.state(answered)).state == "waiting_on_contact"  # type: ignore[arg-type]  # `object` here: whatever the fixture returned
    assert await _state(console, ana.agent_id) == "offline"


async def test_signing_out_offers_them_to_a_colleague_while_they_wait_in_the_queue(
    console: RunningConsole,
) -> None:
    browser = await console.signed_in()
    email, ben = await console.agent("Ben Okafor")
    await console.browser().sign_in(email)
    held = await _three(console, browser)
    assert "Ben Okafor, available, 0/5" in (await browser.get("/console/sign-out")).visible
    page = await browser.post("/console/sign-out", data={"choice": "give", "to": str(ben.agent_id)})
    assert "You are signed out." in page.visible
    offered = [one.conversation_id for one in await offers.list_of_agent(console.store.pool, ben.agent_id)]
    assert set(offered) == {one.id for one in held}  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    assert {(await console.state(one)).state for one in held} == {"queued"}  # type: ignore[arg-type]  # `object` here: whatever the fixture returned


async def test_nothing_in_hand_signs_out_at_once(console: RunningConsole) -> None:
    browser = await console.signed_in()
    assert "You are signed out." in (await browser.post("/console/sign-out")).visible


async def test_the_stream_tells_presence_and_supervisors_of_what_nobody_claims(
    console: RunningConsole,
) -> None:
    email, carla = await console.agent("Carla Rossi", "supervisor")
    browser = console.browser()
    await browser.sign_in(email)
    urgent = await console.queued(urgency="fire")
    await console.store.pool.execute("UPDATE conversations SET paged_at = now() WHERE id = $1", urgent.id)
    page = await browser.get("/console/")
    assert "Nobody has claimed it in time: claim or assign it now." in page.visible
    agent = await console.signed_in()
    assert "Nobody has claimed it" not in (await agent.get("/console/")).visible
    async with browser.http.get(f"{browser.base}/console/stream") as stream:
        found: dict[str, object] = {}
        async with asyncio.timeout(10):
            while found.get("presence") != {"state": "break", "shown": "0/5"}:
                line = (await stream.content.readline()).decode()
                if line.startswith("data: ") and "presence" in line:
                    found = json.loads(line[6:])
                    assert found["paged"] == 1
                    await browser.post("/console/presence", data={"state": "break"})
    # The open page was a sign of life, which is believed for a short time.
    row = await presence.get_presence(console.store.pool, carla.agent_id, measure_of(console.city))
    assert row is not None and row.alive_until is not None


async def test_a_team_that_was_added_is_there_within_seconds(console: RunningConsole) -> None:
    await teams.add_team(console.store.pool, console.city.teams[0])
    await teams.add_team(
        console.store.pool, msgspec.structs.replace(console.city.teams[0], name="taxes", title="Taxes")
    )
    browser, conversation = await console.signed_in(), await console.queued()
    async with asyncio.timeout(5):
        while "Team Taxes" not in (await browser.get(_path(conversation))).visible:
            await asyncio.sleep(0.1)
