"""Photos from other channels: fetched before the turn, without their secrets; and no message waits for a photo that cannot be fetched."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from channels.base import Inbound, MediaRef
from desk.media.quotas import of_contact
from desk.model import Contact
from desk.runtime.clock import utc_now
from desk.store import media, media_usage
from desk.store.people import contacts
from tests.support.desk import Desk
from tests.support.gallery import Gallery, How, files, how, tg
from tests.support.waiting import eventually

__all__ = ["files", "how", "tg"]


async def send(desk: Desk, *refs: str, text: str | None = None, **more: Any) -> Contact:
    inbound = Inbound(
        str(uuid4()), "citizen", "message", text, media=tuple(MediaRef(one, "") for one in refs), **more
    )
    (received,) = await desk.intake.receive("tg", [inbound])
    contact = await contacts.get_by_id(desk.store.pool, received.contact_id)
    assert contact
    return contact


async def test_a_photo_is_stored_anew_and_the_bot_gets_our_id(
    tg: Desk, files: int, how: How, tmp_path: Path
) -> None:
    async with tg.working(**how(Gallery(files, late=1))):
        contact = await send(tg, "place", "in-hand", text="here")
        log = await tg.settled(contact)
    turn = tg.bot.asked[0]
    assert (turn["kind"], turn["intent"], turn["entities"]["caption"]) == ("payload", "share_photo", "here")
    kept = await media.list_of_contact(
        tg.store.pool, contact.id, [UUID(one) for one in turn["entities"]["media"]]
    )
    assert len(kept) == 2 and [one.id for one in log[0].attachments] == turn["entities"]["media"]
    data = (tmp_path / kept[0].file_name).read_bytes()
    assert b"Spytel" not in data and b"secret" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif() and image.size == (48, 64), "turned upright, nothing hidden left"
    assert "place" not in kept[0].file_name


@pytest.mark.parametrize("lost", ["gone", "missing", "page", "huge"])
async def test_what_cannot_be_had_is_said_and_the_message_goes_on(
    tg: Desk, files: int, how: How, tmp_path: Path, lost: str
) -> None:
    async with tg.working(**how(Gallery(files))):
        contact = await send(tg, lost, text="there is a hole")
        log = await tg.settled(contact)
        alone = await tg.settled(await send(tg, lost))
    assert (tg.bot.asked[0]["kind"], tg.bot.asked[0]["text"]) == ("text", "there is a hole")
    unread = "I could not open your photo or file."
    assert log[1].text.startswith(unread) and log[2].text == "answer"
    assert alone[-1].text.startswith(unread) and len(tg.bot.asked) == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_one_bad_photo_costs_the_others_nothing(tg: Desk, files: int, how: How, tmp_path: Path) -> None:
    async with tg.working(**how(Gallery(files))):
        log = await tg.settled(await send(tg, "png", "page"))
    assert len(log[0].attachments) == 1 and log[1].text.startswith("I could not open")
    assert tg.bot.asked[0]["intent"] == "share_photo"


async def test_a_turn_that_runs_again_fetches_nothing_again(
    tg: Desk, files: int, how: How, tmp_path: Path
) -> None:
    channel = Gallery(files)
    working = how(channel)
    await tg.bot.stop()
    async with tg.working(**working):
        contact = await send(tg, "png")
        await eventually(lambda: tg.log(contact))
    await tg.bot.start()
    async with tg.working(**working):
        log = await tg.settled(contact)
    assert channel.asked == ["png"] and log[-1].text == "answer"


async def test_a_contact_that_has_sent_too_many_is_told_so(tg: Desk, files: int, how: How) -> None:
    async with tg.working(**how(Gallery(files))):
        contact = await send(tg, "png")
        await tg.settled(contact)
        await media_usage.add_photo(tg.store.pool, [of_contact(contact.id)], utc_now(), 100_000_000)
        await send(tg, "png", text="one more")
        log = await tg.settled(contact)
    assert len(log[-3].attachments) == 0 and log[-3].text == "one more"
    assert log[-2].text.startswith("I cannot keep more photos from you today.")
    assert log[-1].text == "answer", "and the words beside it are answered"


async def test_an_album_is_one_thing_said(tg: Desk, files: int, how: How, tmp_path: Path) -> None:
    async with tg.working(**how(Gallery(files))):
        for number, ref in enumerate(("png", "place", "png")):
            contact = await send(tg, ref, text="three lamps" if number == 0 else None, thread={"album": "a1"})
        log = await tg.settled(contact)
        await send(tg, "png", thread={"album": "a2"})
        await tg.settled(contact)
    first, second = tg.bot.asked
    photos = [one.attachments[0].id for one in log if one.author == "contact"]
    assert len(photos) == 3 and first["entities"] == {"media": photos, "caption": "three lamps"}
    assert len(second["entities"]["media"]) == 1


async def test_a_person_who_has_the_conversation_sees_the_photo_too(
    tg: Desk, files: int, how: How, tmp_path: Path
) -> None:
    agent = await tg.agent(role="supervisor")
    async with tg.working(**how(Gallery(files))):
        contact = await send(tg, text="hello")
        await tg.settled(contact)
        await tg.ownership.claim(agent, (await tg.conversation(contact)).id)
        await send(tg, "png", "page")
        log = await tg.settled(contact)
    assert len(log[-1].attachments) == 1 and len(tg.bot.asked) == 1
