"""PDFs in the web chat: the bot never sees one, its author is told what becomes of it, a report gets a link to it."""

from typing import Any
from uuid import UUID, uuid4

from channels.base import MediaRef
from desk.model import Contact
from desk.requests.payload import new_request
from desk.store import media
from tests.support.desk import Desk
from tests.support.fake_bot import says

ASKS = {
    "text": "Where is it?",
    "report": {"step": 2, "steps": 4, "paused": False, "answers": [], "controls": []},
}


async def _file(desk: Desk, contact: Contact, kind: str) -> UUID:
    row = await media.add_file(desk.store.pool, contact.id, f"{uuid4().hex}.bin", kind, 10, "00" * 32)
    return row.id


async def _send(desk: Desk, contact: Contact, *files: UUID, text: str | None = None) -> None:
    await desk.send(contact, text, media=tuple(MediaRef(str(one), "") for one in files))


def _said(log: list[Any]) -> list[tuple[str, str]]:
    return [(one.author, one.text.split(".")[0]) for one in log if one.author != "contact"]


async def test_a_pdf_is_kept_for_people_and_its_words_are_answered(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "the answer"})
    contact = await desk.contact("en")
    pdf, photo = await _file(desk, contact, "application/pdf"), await _file(desk, contact, "image/jpeg")
    async with desk.working():
        await _send(desk, contact, pdf)
        log = await desk.settled(contact)
        assert _said(log) == [("system", "I have kept your document")] and desk.bot.asked == []
        assert [one.content_type for one in log[0].attachments] == ["application/pdf"]
        await _send(desk, contact, pdf, photo, text="My letter and the hole")
        log = await desk.settled(contact)
    (turn,) = desk.bot.asked
    assert turn["entities"]["media"] == [str(photo)], "no document"
    assert _said(log)[1:] == [("system", "I have kept your document"), ("bot", "the answer")]


async def test_a_report_gets_a_link_to_the_documents_that_were_sent_for_it(desk: Desk) -> None:
    contact = await desk.contact("en")
    private, own = (
        await _file(desk, contact, "application/pdf"),
        await _file(desk, contact, "application/pdf"),
    )
    async with desk.working():
        desk.bot.behaviour = says({"text": "Hello"})
        await _send(desk, contact, private, text="My tax return")
        await desk.settled(contact)
        desk.bot.behaviour = says(ASKS)
        await desk.send(contact, "A pothole")
        await desk.settled(contact)
        await _send(desk, contact, own)
        log = await desk.settled(contact)
        assert log[-1].text == (
            "I have kept your document. Reports take photos only, so your report gets a link to it, which works for 30 days."
        )
        filed = {
            "type": "file_request",
            "service_code": "pothole",
            "description": "A hole",
            "address": "8 Elm Street",
        }
        desk.bot.behaviour = says({"text": "Thank you."}, directives=[filed])
        await desk.send(contact, "yes, send it")
        await desk.settled(contact)
    payload = await desk.store.pool.fetchval("SELECT payload FROM service_requests")
    assert payload["documents"] == [str(own)] and payload["media"] == [], "nothing that was sent before"
    request = new_request("1", "pothole", payload, lambda one: f"https://desk.example/media/{one}")
    assert request.description == f"A hole\nDocument: https://desk.example/media/{own}"
    assert request.media_urls == ()
