"""Photos of other channels: had before the turn, without their secrets; and a message never waits for one in vain."""

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from aiohttp import web
from PIL import Image

from channels.base import Capabilities, Inbound, MediaRef, MediaSource, RetryLater, Undeliverable
from city import InboxConfig
from desk.media.decoder import PhotoDecoder
from desk.media.fetch import Fetcher
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas, of_contact
from desk.model import Contact
from desk.runtime.timing import FetchTiming
from desk.store import media, media_usage
from desk.store.people import contacts
from desk.turns.attachments import Attachments
from desk.worker import utc_now
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.photos import jpeg, jpeg_with_place, png
from tests.support.providers import Provider
from tests.support.waiting import eventually


class Gallery(Provider):
    """A channel whose files are had by asking for their place first. `late` tries are asked to come back."""

    def __init__(self, port: int, late: int = 0) -> None:
        super().__init__()
        self.capabilities = Capabilities(1000)  # type: ignore[misc]
        self.port = port
        self.late = late
        self.asked: list[str] = []

    async def media(self, ref: MediaRef) -> MediaSource:
        self.asked.append(ref.id)
        if ref.id == "gone":
            raise Undeliverable("expired")
        if self.late > 0:
            self.late -= 1
            raise RetryLater("wait")
        if ref.id == "in-hand":
            return MediaSource("", (), content=jpeg())
        return MediaSource(
            f"http://127.0.0.1:{self.port}/{ref.id}", ("127.0.0.1",), {"Authorization": "Bearer t"}
        )


@pytest.fixture
async def files() -> AsyncIterator[int]:
    """The port of the provider's file server."""
    bodies = {
        "/place": jpeg_with_place(),
        "/png": png(),
        "/page": b"<html>",
        "/huge": b"\xff\xd8" + b"0" * 11_000_000,
    }

    async def serve(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer t"
        if request.path not in bodies:
            raise web.HTTPNotFound
        return web.Response(body=bodies[request.path])

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
def tg(desk: Desk) -> Desk:
    desk.city = msgspec.structs.replace(
        desk.city, inboxes=(*desk.city.inboxes, InboxConfig(name="tg", channel="telegram"))
    )
    desk.bot.behaviour = says({"text": "answer"})
    return desk


How = Callable[[Gallery], dict[str, Any]]


@pytest.fixture
def how(tg: Desk, decoder: PhotoDecoder, tmp_path: Path) -> How:
    """How a worker runs that fetches photos into `tmp_path`."""

    def make(channel: Gallery) -> dict[str, Any]:
        files, fetcher = MediaFiles(tmp_path, decoder), Fetcher(["127.0.0.1"])
        quotas = PhotoQuotas(tg.store, utc_now, "a-secret-of-the-tests")
        timing = FetchTiming(pause=0.01)
        arriving = Attachments(tg.store, {"tg": channel}, files, fetcher, quotas, timing)
        return {"city": tg.city, "channels": {"tg": channel}, "arriving": arriving}

    return make


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
