"""A message from intake to the answer in the log."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from aiohttp import web

from channels.base import Inbound
from city.routes import Routes
from desk.model import Refused
from desk.store import media
from tests.support.desk import Desk
from tests.support.fake_bot import Turn, says
from tests.support.two_backends import two_backends


async def test_a_question_is_answered_with_the_editors_words_and_their_source(desk: Desk) -> None:
    desk.bot.behaviour = says({"response": "utter_bin_collection", "answer": "bin_collection"}, language="es")
    contact = await desk.contact()
    async with desk.working():
        client_id = await desk.send(contact, "¿cuándo recogen la basura?")
        question, reply = await desk.settled(contact)
    assert (question.author, question.text, question.client_id) == (
        "contact",
        "¿cuándo recogen la basura?",
        client_id,
    )
    assert (question.language, question.status) == ("es", "delivered")
    answer = desk.catalog.answers["bin_collection"]
    assert reply.author == "bot" and reply.language == "es" and reply.status == "sent"
    assert reply.text.startswith(answer.texts["es"].text[:30])
    assert reply.source and reply.source.url == answer.source and not reply.source.stale
    assert [button.title for button in reply.buttons] == list(answer.texts["es"].buttons.values())
    assert (await desk.conversation(contact)).language == "es"
    assert await desk.outcome(question) == "answered"


async def test_the_bot_is_told_what_the_contract_names(desk: Desk) -> None:
    contact = await desk.contact("fr")
    async with desk.working():
        await desk.send(contact, "bonjour")
        await desk.settled(contact)
    (turn,) = desk.bot.asked
    assert (turn["kind"], turn["text"], turn["intent"], turn["language"]) == ("text", "bonjour", None, "fr")
    told = turn["metadata"]
    assert (told["inbox"], told["channel"], told["office_open"], told["own_references"]) == (
        "web",
        "web",
        True,
        [],
    )
    assert told["contact"]["id"] == str(contact.id)
    assert told["capabilities"]["location"] is True
    assert told["now"] == "2026-11-23T15:00:00+00:00"


async def test_the_bot_is_told_what_administrators_changed_for_the_actions(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        await desk.settled(contact)
        desk.changed_settings = {
            "crisis_lines": {"crisis_lines": {"gas": {"en": "1"}}},
            "contact": {"phone": "1"},
            "office_hours": {"special_days": [], "closed_texts": {}},
        }
        await desk.send(contact, "again")
        await desk.settled(contact)
    first, second = (turn["metadata"] for turn in desk.bot.asked)
    assert "settings" not in first, "nothing was changed"
    assert second["settings"] == {"crisis_lines": {"gas": {"en": "1"}}, "special_days": []}


async def test_order_is_kept_and_nothing_doubles_with_two_workers(desk: Desk) -> None:
    one, two = await desk.contact(), await desk.contact()
    async with desk.working(2):
        for number in range(12):
            await asyncio.gather(desk.send(one, f"one {number}"), desk.send(two, f"two {number}"))
        logs = [await desk.settled(contact) for contact in (one, two)]
    for name, log in zip(("one", "two"), logs, strict=True):
        assert [m.text for m in log if m.author == "contact"] == [f"{name} {n}" for n in range(12)]
        assert [m.text for m in log if m.author == "bot"] == [f"You said: {name} {n}" for n in range(12)]
        assert [m.seq for m in log] == list(range(1, 25))
        assert len({m.conversation_id for m in log}) == 1
    assert desk.bot.together == 1
    assert len(desk.bot.asked) == 24


async def test_the_same_message_again_is_no_second_message(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        await asyncio.gather(*(desk.send(contact, "once", client_id="same") for _ in range(8)))
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["once", "You said: once"]


async def test_a_webhook_makes_contacts_and_skips_what_it_knows(desk: Desk) -> None:
    batch = [
        Inbound("b", "citizen-2", "message", "two", name="Zoé"),
        Inbound("a", "citizen-1", "message", "one"),
        Inbound("r", "citizen-1", "ignored"),
    ]
    first = await desk.intake.receive("web", batch)
    again = await desk.intake.receive("web", batch)
    assert [one.new for one in first] == [True, True]
    assert [one.new for one in again] == [False, False]
    assert [one.contact_id for one in first] == [one.contact_id for one in again]
    assert (
        await desk.store.pool.fetchval("SELECT name FROM contacts WHERE external_id = 'citizen-2'") == "Zoé"
    )


async def test_many_contacts_are_served_at_the_same_time(desk: Desk) -> None:
    contacts = [await desk.contact() for _ in range(8)]
    barrier = asyncio.Barrier(8)  # opens only when all eight turns are at the bot together
    echo = desk.bot.behaviour

    async def together(turn: Turn) -> web.StreamResponse:
        await barrier.wait()
        return await echo(turn)

    desk.bot.behaviour = together
    async with desk.working():
        for contact in contacts:
            await desk.send(contact, "hello")
        logs = [await desk.settled(contact) for contact in contacts]
    assert [len(log) for log in logs] == [2] * 8


async def test_the_bot_is_silent_while_a_person_has_the_conversation(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "are you there?")
        await desk.settled(contact)
        await desk.ownership.claim(agent, waiting.id)
        await desk.ownership.reply(agent, waiting.id, "Yes, I am.", "1")
        assert (await desk.conversation(contact)).state == "waiting_on_contact"
        await desk.send(contact, "good")
        log = await desk.settled(contact)
    # The first message is acknowledged in the queue; the fake bot knows no turns of people who wait.
    assert [m.author for m in log] == ["contact", "system", "system", "agent", "contact"]
    assert (await desk.conversation(contact)).state == "assigned"
    assert [turn["metadata"]["waiting"] for turn in desk.bot.asked] == [True]


async def test_after_the_end_a_new_message_begins_a_new_conversation(desk: Desk) -> None:
    contact, agent = await desk.contact("fr"), await desk.agent()
    done = await desk.queued(contact)
    await desk.ownership.resolve(agent, done.id)
    async with desk.working():
        await desk.send(contact, "encore moi")
        log = await desk.settled(contact)
    fresh = await desk.conversation(contact)
    assert fresh.id != done.id and fresh.state == "bot"
    assert log[-1].conversation_id == fresh.id and log[-1].text == "You said: encore moi"


async def test_photos_and_places_reach_the_bot_as_payloads(desk: Desk) -> None:
    contact = await desk.contact()
    photo = await media.add_file(desk.store.pool, contact.id, "a.jpg", "image/jpeg", 10, "00")
    async with desk.working():
        await desk.photo(contact, photo.id, "look at this")
        await desk.share(contact, 40.5, -73.25)
        log = await desk.settled(contact)
    shared, placed = desk.bot.asked
    assert shared["intent"] == "share_photo"
    assert shared["entities"] == {"media": [str(photo.id)], "caption": "look at this"}
    assert placed["intent"] == "share_location"
    assert placed["entities"] == {"latitude": 40.5, "longitude": -73.25, "label": None}
    assert log[0].attachments[0].id == str(photo.id) and log[0].text == "look at this"
    assert log[2].location and log[2].location.latitude == 40.5


async def test_a_photo_of_somebody_else_is_refused(desk: Desk) -> None:
    owner, other = await desk.contact(), await desk.contact()
    photo = await media.add_file(desk.store.pool, owner.id, "a.jpg", "image/jpeg", 10, "00")
    with pytest.raises(Refused) as refused:
        await desk.photo(other, photo.id)
    assert refused.value.code == "unknown_media"
    await desk.photo(owner, photo.id)
    assert await desk.store.pool.fetchval("SELECT count(*) FROM events") == 1


@pytest.mark.parametrize("text", ["", "   \n\t ", None])
async def test_an_empty_message_is_refused_with_a_sentence(desk: Desk, text: str | None) -> None:
    with pytest.raises(Refused, match="empty"):
        await desk.send(await desk.contact(), text)


async def test_a_sticker_from_another_channel_gets_a_polite_answer(desk: Desk) -> None:
    (received,) = await desk.intake.receive("web", [Inbound("s1", "citizen", "message")])
    contact = await desk.contact()
    async with desk.working():
        log = await desk.settled(replace(contact, id=received.contact_id))
    assert [m.author for m in log] == ["contact", "system"]
    assert "in words" in log[1].text and desk.bot.asked == []


async def test_a_very_long_message_is_kept_whole_and_cut_for_the_bot(desk: Desk) -> None:
    long = "word " * 2_000
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, long)
        log = await desk.settled(contact)
    assert log[0].text == long.strip()
    assert len(desk.bot.asked[0]["text"]) == 2_000
    assert "very long" in log[1].text and log[2].text.startswith("You said: word")


@pytest.mark.parametrize(
    "text",
    [
        "🙂🙂🙂",
        "مرحبا كيف حالك",
        "'; DROP TABLE messages; --",
        "<script>alert(1)</script>",
        "/restart",
        '/intent{"slot":"x"}',
        "/" + "[" * 1_990,
        "nul \x00 and \ud800 half",
        "{phone} {0} %s",
    ],
)
async def test_hostile_words_are_only_words(desk: Desk, text: str) -> None:
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, text)
        log = await desk.settled(contact)
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode()
    assert [m.text for m in log] == [kept, f"You said: {kept}"[:2_010]]
    assert desk.bot.asked[0]["kind"] == "text"


async def test_a_wish_to_file_is_recorded_once_with_the_turn(desk: Desk) -> None:
    contact, stranger = await desk.contact(), await desk.contact()
    own = await media.add_file(desk.store.pool, contact.id, "a.jpg", "image/jpeg", 10, "00")
    foreign = await media.add_file(desk.store.pool, stranger.id, "b.jpg", "image/jpeg", 10, "01")
    wish = {
        "type": "file_request",
        "service_code": "pothole",
        "description": "deep",
        "latitude": 1.5,
        "longitude": 2.5,
        "media": [str(own.id), str(foreign.id), "no id"],
        "attributes": {"size": "large"},
    }
    desk.bot.behaviour = says({"text": "I send it."}, directives=[wish])
    async with desk.working():
        await desk.send(contact, "yes")
        await desk.settled(contact)
    rows = await desk.store.pool.fetch(
        "SELECT service_code, backend, payload, contact_id FROM service_requests"
    )
    assert [(row["service_code"], row["backend"], row["contact_id"]) for row in rows] == [
        ("pothole", "requests", contact.id)
    ]
    assert rows[0]["payload"]["media"] == [str(own.id)]
    assert rows[0]["payload"]["attributes"] == {"size": "large"}


async def test_the_citizens_own_numbers_are_told_to_the_bot(desk: Desk) -> None:
    contact, other = await desk.contact(), await desk.contact()
    for owner, reference in ((contact, "SR-MINE-0001"), (other, "SR-THEI-0001")):
        await desk.store.pool.execute(
            """INSERT INTO service_requests (id, contact_id, backend, service_code, payload, state, reference, filed_at)
               VALUES ($1, $2, 'requests', 'pothole', '{}', 'filed', $3, now())""",
            uuid4(),
            owner.id,
            reference,
        )
    async with desk.working():
        await desk.send(contact, "what happened to my report?")
        await desk.settled(contact)
    told = desk.bot.asked[0]["metadata"]
    assert told["own_references"] == ["SR-MINE-0001"]
    assert told["own_requests"] == [{"reference": "SR-MINE-0001", "backend": "requests"}]


async def test_each_request_is_recorded_for_the_back_end_of_its_service(desk: Desk) -> None:
    city, services = two_backends()
    contact = await desk.contact()
    wishes = [
        {"type": "file_request", "service_code": code, "description": "Here."}
        for code in ("noise", "pothole")
    ]
    desk.bot.behaviour = says({"text": "I send it."}, directives=wishes)
    async with desk.working(city=city, routes=Routes(city, services)):
        await desk.send(contact, "yes")
        await desk.settled(contact)
    rows = await desk.store.pool.fetch("SELECT service_code, backend FROM service_requests")
    assert {(row["service_code"], row["backend"]) for row in rows} == {
        ("noise", "environment"),
        ("pothole", "roads"),
    }
