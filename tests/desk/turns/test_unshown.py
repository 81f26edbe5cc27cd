"""Content that we cannot show: its author is told, the agent sees what kind it is, and the rest is answered."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from channels.base import Inbound, MediaRef, Unshown
from channels.messages import UnshownKind
from city import InboxConfig
from desk.model import Contact, Message, NotShown
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says
from tests.support.gallery import Gallery, How, files, how, tg
from tests.support.providers import Recorder

__all__ = ["files", "how", "tg"]

KINDS: dict[UnshownKind, str] = {
    "video": "videos",
    "audio": "voice messages",
    "document": "documents",
    "contact": "contact card",
    "sticker": "sticker",
    "poll": "polls",
    "story": "stories",
    "post": "shared posts",
    "gift": "gifts",
    "payment": "payments",
    "order": "orders",
    "calendar": "calendar",
    "signed": "signed",
    "photo": "photo",
    "message": "this kind of message",
}


@pytest.fixture
def wa(desk: Desk) -> Desk:
    inbox = InboxConfig(name="wa", channel="whatsapp")
    desk.move_to(msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox)))
    desk.now = datetime.now(UTC)
    desk.bot.behaviour = says({"text": "answer"})
    return desk


async def send(desk: Desk, inbox: str, text: str | None = None, **more: Any) -> Contact:
    inbound = Inbound(str(uuid4()), "citizen", "message", text, sent_at=desk.now, **more)
    (received,) = await desk.intake.receive(inbox, [inbound])
    contact = await contacts.get_by_id(desk.store.pool, received.contact_id)
    assert contact
    return contact


def ours(log: list[Message]) -> list[str]:
    return [one.text for one in log if one.author != "contact"]


@pytest.mark.parametrize("kind", KINDS)
async def test_its_author_is_told_what_cannot_be_shown(wa: Desk, kind: UnshownKind) -> None:
    async with wa.working(city=wa.city, channels={"wa": Recorder()}):
        log = await wa.settled(await send(wa, "wa", unshown=(Unshown(kind, "a.pdf"),)))
    (said,) = ours(log)
    assert KINDS[kind] in said and log[0].unshown == (NotShown(kind, "a.pdf"),)
    assert wa.bot.asked == []


@pytest.mark.parametrize(
    ("language", "word"), [("es", "documentos"), ("fr", "documents"), ("en", "documents")]
)
async def test_beside_words_it_is_told_first_and_then_the_words_are_answered(
    wa: Desk, language: str, word: str
) -> None:
    wa.bot.behaviour = says({"text": "answer"}, language=language)
    async with wa.working(city=wa.city, channels={"wa": Recorder()}):
        contact = await send(wa, "wa", "is this right?", unshown=(Unshown("document"),), language=language)
        log = await wa.settled(contact)
    first, second = ours(log)
    assert word in first and second == "answer"
    assert wa.bot.asked[0]["text"] == "is this right?"


async def test_an_agent_who_has_the_conversation_reads_it_and_nobody_else_says_anything(wa: Desk) -> None:
    wa.bot.behaviour = hands_off()
    async with wa.working(city=wa.city, channels={"wa": Recorder()}):
        contact = await send(wa, "wa", "a person please")
        await wa.settled(contact)
        conversation = await wa.conversation(contact)
        await wa.ownership.claim(await wa.agent(role="supervisor"), conversation.id)
        before = await wa.settled(contact)
        await send(wa, "wa", unshown=(Unshown("video"),))
        log = await wa.settled(contact)
    assert [one.unshown for one in log[len(before) :]] == [(NotShown("video"),)]


async def test_films_and_sounds_are_not_fetched_at_all(tg: Desk, files: int, how: How) -> None:
    gallery = Gallery(files)
    refs = (MediaRef("png", "video/mp4"), MediaRef("png", "audio/ogg", "memo.ogg"))
    async with tg.working(**how(gallery)):
        log = await tg.settled(await send(tg, "tg", media=refs))
    assert gallery.asked == []
    assert log[0].unshown == (NotShown("video"), NotShown("audio", "memo.ogg"))
    assert "videos" in ours(log)[0]


async def test_a_picture_is_known_by_its_content_and_a_document_by_its_name(
    tg: Desk, files: int, how: How
) -> None:
    refs = (
        MediaRef("png", "application/octet-stream", "lamp.bin"),
        MediaRef("place", "image/jpg"),
        MediaRef("page", "application/pdf", "letter.pdf"),
    )
    async with tg.working(**how(Gallery(files))):
        log = await tg.settled(await send(tg, "tg", media=refs))
    assert [one.content_type for one in log[0].attachments] == ["image/png", "image/jpeg"]
    assert log[0].unshown == (NotShown("document", "letter.pdf"),)
    assert "documents" in ours(log)[0] and ours(log)[1] == "answer"
