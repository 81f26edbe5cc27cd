"""Incidents in the console, without a script: declared, suggested, attached and undone, one answer, news, and one question at the end."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from city import City
from console.city_notices.incident_form import incident_from, proposed
from desk.conversations.announcing import Announcer
from desk.conversations.messages import MessageWriter
from desk.incidents.delivery import IncidentDelivery
from desk.incidents.suggesting import query_of
from desk.knowledge.catalogue import Catalog
from desk.model import Conversation
from desk.notices.checking import NoticeRefused
from desk.runtime.live import Live
from desk.store.notices import incidents, people
from desk.store.replies import canned
from desk.store.replies.canned import CannedText
from tests.support.console import Browser, RunningConsole
from tests.support.notice_desk import add_draft

HARBOUR = {"latitude": 41.050, "longitude": -73.545}
NORTH = {"latitude": 41.075, "longitude": -73.545}


async def _declared(console: RunningConsole, kim: Browser, **more: str) -> str:
    form = {name: text for name, text in proposed("outage", None, console.city.languages).items() if text}
    page = await kim.post("/console/incidents", data=form | {"district-harbour": "yes"} | more)
    assert page.status == 200 and "Declared." in page.visible, page.visible[:500]
    return page.url.removeprefix(console.base).split("?")[0]


def _delivery(console: RunningConsole, catalog: Catalog) -> IncidentDelivery:
    writer = MessageWriter(console.city, catalog)
    announcer = Announcer(console.store, Live("redis://127.0.0.1:1"), writer)
    return IncidentDelivery(console.store, console.city, writer, announcer, console.clock)


async def _order(console: RunningConsole) -> list[UUID]:
    rows = await console.store.pool.fetch(
        "SELECT id FROM conversations v WHERE state = 'queued' ORDER BY v.urgency IS NULL, v.priority DESC, v.queued_at, v.id"
    )
    return [row["id"] for row in rows]


async def _told(console: RunningConsole, one: Conversation) -> list[str]:
    rows = await console.store.pool.fetch(
        "SELECT text FROM messages WHERE contact_id = $1 AND author = 'system' ORDER BY seq", one.contact_id
    )
    return [row["text"] for row in rows]


async def test_an_incident_from_the_first_message_to_the_question_at_its_end(
    console: RunningConsole, catalog: Catalog
) -> None:
    pool = console.store.pool
    first = await console.queued(name="Lucía", language="es", text="Hay un apagón en mi calle")
    second = await console.queued(name="Omar", text="We have had no light since the power cut")
    elsewhere = await console.queued(name="Jean", text="A power cut here too")
    await console.say(elsewhere, "", content={"location": NORTH})
    inside = await console.queued(name="Ida", text="Is the power cut over?")
    await console.say(inside, "", content={"location": HARBOUR})
    other = await console.queued(name="Nora", text="My passport is lost")
    danger = await console.queued(
        name="Sam", text="Power cut, and my mother's oxygen stops", urgency="medical"
    )
    kim, ana = await console.signed_in("Kim Park", "supervisor"), await console.signed_in()
    assert "There is no open incident" in (await kim.get("/console/incidents")).visible
    assert (await ana.get("/console/incidents/new")).status == 404
    page = await kim.get("/console/incidents/new?scenario=outage")
    assert "corte de luz" in page.text and 'value="Power cuts"' in page.text
    here = await _declared(console, kim)
    page = await ana.get(here)
    names = re.findall(r"Attach<span class=\"hidden\"> ([^<]+)", page.text)
    assert names[0] == "Ida" and set(names) == {"Ida", "Lucía", "Omar", "Sam"}, (
        "Jean is elsewhere, Nora means something else"
    )
    assert "by words and place" in page.visible
    for one in (first, second, danger, inside):
        page = await ana.post(f"{here}/attach", data={"conversation": str(one.id)})
        assert page.status == 200 and "Attached. It waits behind" in page.visible
    assert await _order(console) == [danger.id, elsewhere.id, other.id, first.id, second.id, inside.id]
    tiles = " ".join(page.visible.split())
    assert "People 4" in tiles and "Waiting for a person 4" in tiles
    page = await ana.get(f"/console/conversations/{inside.id}")
    assert "4 people, 4 waiting" in page.visible
    attachment = re.search(r'name="attachment" value="([^"]+)"', page.text)
    assert attachment
    back = {"attachment": attachment[1], "back": str(inside.id)}
    page = await ana.post(f"{here}/undo", data=back)
    assert "Undone: it is not about that incident" in page.visible and "Attach to" in page.visible
    assert (await ana.post(f"{here}/undo", data=back)).status == 404
    assert (await _order(console))[1:] == [elsewhere.id, inside.id, other.id, first.id, second.id]
    assert "Ida" not in re.findall(r"Attach<span class=\"hidden\"> ([^<]+)", (await ana.get(here)).text), (
        "not again"
    )

    await canned.set_text(
        pool, CannedText("cut", "Power cut", {"en": "Crews are out.", "es": "Hay equipos trabajando."}),
        (await console.agent("Boss", "supervisor"))[1].agent_id,
    )  # fmt: skip
    form = {"act": "answer", "incident": here.rpartition("/")[2], "text": "canned:cut"}
    page = await ana.post("/console/bulk", data=form)
    assert "2 messages, 2 of them still to go" in page.visible and "Hay equipos trabajando." in page.visible
    message = re.search(r'name="message" value="([^"]+)"', page.text)
    assert message
    await ana.post(
        page.url.removeprefix(console.base).split("?")[0] + "/cancel", data={"message": message[1]}
    )
    assert await pool.fetchval("SELECT count(*) FROM scheduled_messages WHERE state = 'waiting'") == 1, (
        "each alone"
    )

    assert "Power cuts : 3 people, 3 waiting" in (await ana.get("/console/")).visible
    news = {
        "news-en": "Light is back on the quay.",
        "news-es": "Ya hay luz en el muelle.",
        "news-fr": "La lumière est revenue.",
    }
    assert (await ana.post(f"{here}/news", data=news)).status == 404
    page = await kim.post(f"{here}/news", data=news | {"news-fr": "mot " * 30})
    assert page.status == 422 and "more than 25 words" in page.visible and "Ya hay luz" in page.text
    await kim.post(f"{here}/news", data=news)
    delivery = _delivery(console, catalog)
    assert await delivery.send() == 0, "it can be taken back"
    taken = re.search(rf'action="({here}/news/[^"]+/cancel)"', (await kim.get(here)).text)
    assert taken and "Taken back." in (await kim.post(taken[1])).visible
    assert "too late" in (await kim.post(taken[1])).visible
    page = await kim.post(f"{here}/news", data=news)
    console.clock.shift += timedelta(seconds=21)
    await pool.execute(
        "UPDATE conversations SET state = 'resolved', resolved_at = now() WHERE id = $1", second.id
    )
    await pool.execute("UPDATE contacts SET opted_out_at = now() WHERE id = $1", danger.contact_id)
    assert await delivery.send() == 3 and await delivery.send() == 0
    assert await _told(console, first) == ["Ya hay luz en el muelle."]
    assert await _told(console, second) == ["Light is back on the quay."], "also where it is resolved"
    assert await _told(console, danger) == [] and await _told(console, inside) == []
    assert "2 of 3 told" in (await kim.get(here)).visible

    assert (await kim.post(f"{here}/close")).status == 422
    assert (await ana.post(f"{here}/close", data={"question": "fixed"})).status == 404
    page = await kim.post(f"{here}/close", data={"question": "fixed"})
    assert "Closed." in page.visible and "the question at the end" in page.visible
    assert (await kim.post(f"{here}/close", data={"question": "fixed"})).status == 404
    assert await delivery.send() == 3 and await delivery.send() == 0
    asked = (await _told(console, first))[1:]
    assert len(asked) == 1 and "¿Está resuelto donde está usted?" in asked[0]
    assert await pool.fetchval("SELECT DISTINCT intent FROM buttons") == "talk_to_person"
    assert {row["priority"] for row in await pool.fetch("SELECT priority FROM conversations")} == {0}
    assert (await ana.post(f"{here}/attach", data={"conversation": str(other.id)})).status == 404
    assert "Closed 1" in " ".join((await kim.get("/console/incidents")).visible.split())
    done = {
        row["action"] for row in await pool.fetch("SELECT action FROM audit WHERE action LIKE 'incident%'")
    }
    assert done == {
        "incident_declared", "incident_attached", "incident_detached", "incident_news_written", "incident_news_taken_back",
        "incident_closed",
    }  # fmt: skip


async def test_an_incident_of_a_notice_has_its_area_and_its_later_versions_go_to_its_people(
    console: RunningConsole,
) -> None:
    pool = console.store.pool
    kim = await console.signed_in("Kim Park", "supervisor")
    notice = await add_draft(console.store, (await console.agent("Eve", "editor"))[1].agent_id, "outage")
    page = await kim.get(f"/console/incidents/new?notice={notice}")
    assert f'value="{notice}"' in page.text and 'name="everywhere" value="yes" checked' in page.text
    wrong = {"scenario": "outage", "everywhere": "yes", "topics": "none_such"}
    page = await kim.post("/console/incidents", data=wrong)
    assert page.status == 422 and "There is no answer" in page.visible and "give it a title" in page.visible
    here = await _declared(console, kim, notice=str(notice))
    caller = await console.queued(text="corte de luz")
    await kim.post(f"{here}/attach", data={"conversation": str(caller.id), "back": "1"})
    async with console.store.transaction() as transaction:
        added = await people.add_people(
            transaction, notice, 1, scenario="outage", districts=None, level="alert", at=console.clock()
        )
    assert added == 1, "nobody has subscribed"
    page = await kim.get(f"{here}/edit")
    assert "checked" in page.text and "corte de luz" in page.text
    form = {"scenario": "outage", "district-market": "yes", "words": "candles"}
    form |= {f"title-{one}": "Dark" for one in console.city.languages}
    assert "Changed." in (await kim.post(here, data=form)).visible
    request = await pool.fetchval(
        """INSERT INTO service_requests (id, contact_id, backend, service_code, payload, state, reference)
           VALUES ($1, $2, 'requests', 'street_light', '{"description": "We burn candles"}', 'filed', 'SR-0001-0001') RETURNING id""",
        uuid4(), (await console.queued(name="Rosa")).contact_id,
    )  # fmt: skip
    page = await kim.get(here)
    assert "SR-0001-0001" in page.visible and "We burn candles" in page.visible
    page = await kim.post(f"{here}/attach", data={"request": str(request)})
    assert "People 2" in " ".join(page.visible.split())
    theirs = await console.queued(team="benefits", text="candles")
    ana = await console.signed_in()
    assert (await ana.post(f"{here}/attach", data={"conversation": str(theirs.id)})).status == 404, (
        "not their team's"
    )
    assert "candles" not in (await ana.get(here)).visible.split("Attached")[0].split("May be about it")[1]
    counted = await incidents.list_incidents(pool)
    assert (counted[0].people, counted[0].waiting) == (2, 1)


def test_words_become_a_query_that_nobody_can_break_and_a_form_says_what_is_wrong(city: City) -> None:
    assert query_of(["Power cut", "l'eau", "'); DROP"]) == "('power' <-> 'cut') | ('l' <-> 'eau') | ('drop')"
    assert query_of(["", "!!"]) == ""
    with pytest.raises(NoticeRefused, match="Choose what happened"):
        incident_from({"everywhere": "yes"}, city.languages, city.districts)
