"""What an agent sends besides text: re-encoded photos, choices, a request for a location."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest
from PIL import Image

from channels.base import Capabilities
from city import City
from desk.knowledge.catalogue import Catalog
from desk.media.photos import TO_SEND
from desk.model import WORDS, Conversation, Message
from desk.store.dialogue import buttons
from desk.store.pool import Store
from tests.support.console import Answer, Browser, RunningConsole, running_console

WHERE = b"LATITUDE-OF-THE-CITY-HALL"


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    capabilities = {"web": Capabilities(1000, location_request=True)}
    async with running_console(
        store, redis_url, city, catalog, tmp_path, capabilities=capabilities
    ) as console:
        yield console


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, kind, **more)
    return out.getvalue()


async def claimed(console: RunningConsole) -> tuple[Browser, Conversation]:
    ana, conversation = await console.signed_in(), await console.queued()
    await ana.post(f"/console/conversations/{conversation.id}/claim")
    return ana, conversation


async def reply(browser: Browser, conversation: Conversation, /, file: Any = None, **fields: Any) -> Answer:
    """The form as a browser without scripts posts it."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in {"csrf": browser.csrf, "client_id": str(uuid4()), **fields}.items():
        form.add_field(name, value)
    form.add_field(
        "photo", io.BytesIO(file or b""), filename="IMG_1.jpg" if file else "", content_type="image/jpeg"
    )
    address = f"{browser.base}/console/conversations/{conversation.id}/reply"
    async with browser.http.post(address, data=form, headers={"accept": "text/html"}) as answer:
        return Answer(answer.status, str(answer.url), answer.headers, await answer.text(errors="replace"))


async def sent(console: RunningConsole, conversation: Conversation) -> list[Message]:
    return [one for one in await console.log(conversation) if one.author == "agent"]


def files(console: RunningConsole) -> list[Path]:
    return [one for one in console.media_dir.iterdir() if one.is_file()]


async def test_a_photo_goes_with_the_words_and_shows_in_the_log(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 26.0, 46.0)}
    exif[0x010E] = WHERE.decode()
    page = await reply(
        ana, conversation, photo(exif=exif), text="The stop moved here.", alt="A map with a <cross>"
    )
    assert page.status == 200 and 'alt="A map with a &lt;cross&gt;"' in page.text
    (message,) = await sent(console, conversation)
    (attachment,) = message.attachments
    assert (message.text, attachment.content_type) == ("The stop moved here.", "image/jpeg")
    assert attachment.alt == "A map with a <cross>"
    shown = await ana.get(f"/console/conversations/{conversation.id}/media/{attachment.id}")
    assert shown.status == 200 and shown.headers["content-type"] == "image/jpeg"
    (kept,) = files(console)
    with Image.open(kept) as image:
        assert WHERE not in kept.read_bytes() and not image.getexif()
    assert kept.stem not in page.text, "the file's own name is nobody's business"


async def test_a_photo_alone_is_a_reply_and_nothing_at_all_is_none(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    assert "empty" in (await reply(ana, conversation, text=" ")).visible
    assert (await reply(ana, conversation, photo(), text="")).status == 200
    (message,) = await sent(console, conversation)
    assert message.text == "" and len(message.attachments) == 1


async def test_what_is_sent_fits_the_strictest_provider(console: RunningConsole) -> None:
    """A PNG of pure noise is the largest possible; LINE shows a preview of at most one megabyte."""
    ana, conversation = await claimed(console)
    large = photo("PNG", (1_300, 1_000))
    assert len(large) > 3_000_000
    assert (await reply(ana, conversation, large, text="x")).status == 200
    (kept,) = files(console)
    assert TO_SEND.most and kept.stat().st_size <= TO_SEND.most
    with Image.open(kept) as image:
        assert image.format == "JPEG" and max(image.size) <= TO_SEND.longest


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        (b"<svg onload=alert(1)>", 422, "not a photo"),
        (b"\xff\xd8\xff\xe0" + b"0" * 500, 422, "damaged"),
        (b"\x00" * 10_600_000, 413, "larger than 10 MB"),
    ],
    ids=["markup", "damaged", "too large"],
)
async def test_what_is_no_photo_is_refused_and_the_words_stay(
    console: RunningConsole, file: bytes, status: int, says: str
) -> None:
    ana, conversation = await claimed(console)
    page = await reply(ana, conversation, file, text="these words took me long", alt="a cat")
    assert page.status == status and says in page.visible
    if status != 413:
        assert "these words took me long" in page.text and 'value="a cat"' in page.text
    assert await sent(console, conversation) == [] and files(console) == []
    assert await console.store.pool.fetchval("SELECT count(*) FROM media") == 0


async def test_a_forged_form_cannot_attach_a_file(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    assert (await reply(ana, conversation, photo(), text="x", csrf="forged")).status == 403
    stranger = console.browser()
    assert (await reply(stranger, conversation, photo(), text="x")).status in (401, 403)
    assert files(console) == [] and await sent(console, conversation) == []


async def test_an_agent_that_sends_photos_all_day_is_stopped_and_the_words_stay(
    console: RunningConsole,
) -> None:
    ana, conversation = await claimed(console)
    assert (await reply(ana, conversation, photo(), text="first")).status == 200
    (row,) = await console.store.pool.fetch("SELECT sender, photos FROM media_usage")
    assert row["sender"].startswith("agent:") and row["photos"] == 1
    await console.store.pool.execute("UPDATE media_usage SET photos = 500")
    page = await reply(ana, conversation, photo(), text="one more")
    assert page.status == 429 and "You have sent many photos today" in page.visible
    assert "one more" in page.text and len(files(console)) == 1
    assert (await reply(ana, conversation, text="one more")).status == 200


async def test_who_does_not_have_the_conversation_sends_no_photo(console: RunningConsole) -> None:
    _, conversation = await claimed(console)
    ben = await console.signed_in("Ben Okafor")
    assert (await reply(ben, conversation, photo(), text="x")).status == 409
    assert files(console) == [] and await console.store.pool.fetchval("SELECT count(*) FROM media") == 0


async def test_the_same_form_twice_is_one_message_and_one_file(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    same = {"text": "once", "client_id": str(uuid4())}
    answers = await asyncio.gather(*(reply(ana, conversation, photo(), **same) for _ in range(3)))
    assert [one.status for one in answers] == [200] * 3
    (message,) = await sent(console, conversation)
    assert len(message.attachments) == 1 and len(files(console)) == 1


async def test_choices_have_opaque_ids_and_mean_their_words(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    page = await reply(ana, conversation, text="Which day?", choices="Monday\r\n  Tuesday \r\n\r\nMonday\r\n")
    assert page.status == 200 and "Monday" in page.visible
    (message,) = await sent(console, conversation)
    assert [one.title for one in message.buttons] == ["Monday", "Tuesday"]
    known = await buttons.get_button(console.store.pool, conversation.contact_id, message.buttons[1].id)
    assert known and (known.offer.title, known.offer.intent) == ("Tuesday", WORDS)


@pytest.mark.parametrize(
    ("choices", "says"),
    [("\n".join(str(one) for one in range(11)), "at most 10 choices"), ("x" * 61, "60 characters")],
)
async def test_too_many_or_too_long_choices_are_refused(
    console: RunningConsole, choices: str, says: str
) -> None:
    ana, conversation = await claimed(console)
    page = await reply(ana, conversation, photo(), text="Which?", choices=choices)
    assert page.status == 422 and says in page.visible and choices[:50] in page.text
    assert "Choose the photo again" in page.visible
    assert await sent(console, conversation) == [] and files(console) == []


async def test_a_place_is_asked_for_where_the_channel_has_a_control_for_it(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    page = await ana.get(f"/console/conversations/{conversation.id}")
    assert "Ask for a place" in page.visible
    await reply(ana, conversation, text="Where is it?", location="1")
    (message,) = await sent(console, conversation)
    assert message.asks_location
    assert "Asked for a place" in (await ana.get(f"/console/conversations/{conversation.id}")).visible


async def test_an_agent_takes_the_thread_with_a_reply(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    await reply(ana, conversation, text="I am here now.", take="1")
    await reply(ana, conversation, text="And now?")
    assert [one.takes_thread for one in await sent(console, conversation)] == [True, False]


async def test_an_agent_gives_the_thread_to_the_other_app_with_a_reply(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    await reply(ana, conversation, text="The page's team goes on.", **{"pass": "1"})
    await reply(ana, conversation, text="And now?")
    assert [one.passes_thread for one in await sent(console, conversation)] == [True, False]


async def test_an_edit_and_a_chosen_number_are_shown_for_what_they_are(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    await console.say(conversation, "Oak Street", content={"edited": True})
    await console.say(conversation, "2", content={"chosen": "Tuesday"})
    page = (await ana.get(f"/console/conversations/{conversation.id}")).visible
    assert "Changed an earlier message to this" in page and "Chose: Tuesday" in page


async def test_an_agent_is_told_what_of_a_message_was_not_read(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    await console.say(
        conversation, "The lamp is dark", content={"note": "The end of this <mail> was not read."}
    )
    page = (await ana.get(f"/console/conversations/{conversation.id}")).visible
    assert "Not read: The end of this <mail> was not read." in page


async def test_another_citizens_photo_cannot_be_read_in_this_conversation(console: RunningConsole) -> None:
    ana, conversation = await claimed(console)
    await reply(ana, conversation, photo(), text="x")
    other = await console.queued(name="Omar")
    await ana.post(f"/console/conversations/{other.id}/claim")
    (message,) = await sent(console, conversation)
    media = UUID(message.attachments[0].id)
    assert (await ana.get(f"/console/conversations/{other.id}/media/{media}")).status == 404


def test_every_field_of_a_reply_makes_another_attempt() -> None:
    """What goes with the words is part of the message: sent again with another tick, it is another message."""
    root = Path(__file__).parents[3]
    form = (root / "console/templates/_reply.html").read_text().split("data-reply", 1)[1]
    script = (root / "web/console/reply.ts").read_text().split("function fingerprint", 1)[1]
    fields = set(re.findall(r' name="(\w+)"', form)) - {"csrf", "client_id"}
    assert {"text", "photo", "take", "pass"} <= fields
    assert [name for name in sorted(fields) if f'"{name}"' not in script] == []
