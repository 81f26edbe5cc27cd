"""A card number is taken out of a message before anything is stored, and the citizen is told."""

from channels.base import Inbound, Location
from desk.requests.book import RequestBook
from desk.store.georeport import NewGeoRequest
from tests.support.desk import Desk
from tests.support.fake_bot import says

CARD = "4111 1111 1111 1111"
DIGITS = ("4111 1111", "41111111")


def has_card(text: str) -> bool:
    return any(digits in text for digits in DIGITS)


async def _stored(desk: Desk) -> str:
    """Everything of events, messages and contacts, as text."""
    rows = await desk.store.pool.fetch(
        """SELECT payload::text AS kept FROM events UNION ALL SELECT text || content::text FROM messages
           UNION ALL SELECT coalesce(name, '') FROM contacts"""
    )
    return " ".join(row["kept"] or "" for row in rows)


async def test_a_card_number_is_masked_and_the_citizen_is_warned(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, f"pay my fine with {CARD} please")
        log = await desk.settled(contact)
    assert [one.text for one in log if one.author == "contact"] == ["pay my fine with •••• please"]
    assert desk.bot.asked[0]["text"] == "pay my fine with •••• please"
    warning, answer = log[1:]
    assert warning.author == "system" and warning.text == desk.catalog.system("card_masked", "en").text
    assert answer.text == "You said: pay my fine with •••• please"
    assert not has_card(await _stored(desk))


async def test_a_card_number_alone_is_no_question_for_the_bot(desk: Desk) -> None:
    contact = await desk.contact("es")
    async with desk.working():
        await desk.send(contact, "5500-0000-0000-0004")
        log = await desk.settled(contact)
    assert desk.bot.asked == []
    assert [one.text for one in log] == ["••••", desk.catalog.system("card_masked", "es").text]


async def test_a_card_number_for_a_person_is_masked_too(desk: Desk) -> None:
    contact = await desk.contact()
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, f"here is my card {CARD}")
        log = await desk.settled(contact)
    assert "here is my card ••••" in [one.text for one in log]
    assert desk.catalog.system("card_masked", "en").text in [one.text for one in log]
    assert not has_card(await _stored(desk))


async def test_a_webhook_is_masked_wherever_people_write(desk: Desk) -> None:
    mail = Inbound(
        "one",
        "jo@example.org",
        "message",
        f"card {CARD}",
        name=f"Jo {CARD}",
        note=f"Card {CARD}",
        location=Location(41.0531, -73.5387, f"near {CARD}"),
        thread={"subject": f"my card {CARD}", "message_id": "<4111111111111111@example.org>"},
    )
    await desk.intake.receive("web", [mail])
    payload = await desk.store.pool.fetchval("SELECT payload FROM events")
    assert payload["thread"] == {"subject": "my card ••••", "message_id": "<4111111111111111@example.org>"}
    assert payload["masked"] is True
    payload.pop("thread")
    assert not has_card(str(payload) + await desk.store.pool.fetchval("SELECT name FROM contacts"))


async def test_a_message_without_a_card_is_not_marked(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "Fine."})
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "my number is 555 123 4567")
        log = await desk.settled(contact)
    assert [one.text for one in log] == ["my number is 555 123 4567", "Fine."]


async def test_a_request_of_another_system_is_masked(desk: Desk) -> None:
    book = RequestBook(desk.store, desk.clock)
    kept = await book.create(
        NewGeoRequest("pothole", f"call me, {CARD}", f"1 Mill Lane {CARD}", attributes={"size": [CARD]})
    )
    assert (kept.description, kept.address, kept.attributes) == (
        "call me, ••••",
        "1 Mill Lane ••••",
        {"size": ["••••"]},
    )
