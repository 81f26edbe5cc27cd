"""What is sent by SMS, what the codes mean, files, and what the operator is told."""

import asyncio
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    Button,
    InboxBroken,
    MediaRef,
    Outbound,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from channels.kit.gsm7 import segments
from tests.channels.refusals import raised
from tests.support.specimens.base import json_provider
from tests.support.specimens.sms import SPECIMEN
from tests.support.twilio_side import (
    CITIZEN,
    NUMBER,
    SENT,
    SID,
    SMS,
    TOKEN,
    URL,
    bodies,
    channel,
    fixture,
    outbound,
    post,
    twilio,
)

# What is sent


def test_buttons_are_numbered_text() -> None:
    buttons = (Button("b1", "Yes, send it"), Button("b2", "No"))
    (request,) = SMS.render(outbound("Shall I send it?", buttons=buttons))
    assert request.payload["Body"] == "Shall I send it?\n\n1. Yes, send it\n2. No"


def test_a_number_or_a_service_sends_and_the_receipt_comes_to_our_inbox() -> None:
    (request,) = SMS.render(outbound())
    assert request.payload == {"To": CITIZEN, "From": NUMBER, "Body": "Hello", "StatusCallback": URL}
    service = "MG" + "0" * 32
    (request,) = channel(messaging_service=service).render(outbound())
    assert request.payload["MessagingServiceSid"] == service and "From" not in request.payload


@given(
    st.text(min_size=1, max_size=3_000) | st.lists(st.sampled_from("a€ó’🚧 .\n"), max_size=4_000).map("".join)
)
@settings(deadline=None)
def test_no_part_is_longer_than_twilio_takes(text: str) -> None:
    parts = bodies(SMS.render(outbound(text)))
    assert all(len(part) <= 1_600 and 1 <= segments(part) <= 10 for part in parts)
    letters = [c for c in text if c.isascii() and c.isalpha()]
    assert [c for part in parts for c in part if c.isascii() and c.isalpha()] == letters


def test_typography_does_not_double_the_price() -> None:
    (request,) = SMS.render(outbound("It’s “closed” – " + "x" * 130))
    assert segments(str(request.payload["Body"])) == 1


def test_pictures_go_as_mms_where_there_is_mms_and_as_links_elsewhere() -> None:
    photo = MediaRef("1", "image/jpeg", url="https://desk.example/media/1")
    (request,) = SMS.render(outbound("Look", media=(photo,)))
    assert (
        request.payload["MediaUrl"] == ["https://desk.example/media/1"] and request.payload["Body"] == "Look"
    )
    (request,) = SMS.render(outbound("", media=(photo,)))
    assert "Body" not in request.payload
    many = SMS.render(outbound("Look", media=(photo,) * 11))
    forms: list[Any] = [one.payload for one in many]
    assert [len(form["MediaUrl"]) for form in forms] == [10, 1]
    (request,) = SMS.render(Outbound("m", "+491700000", "Look", "de", media=(photo,)))
    assert request.payload["Body"] == "Look\nFoto: https://desk.example/media/1"
    assert "MediaUrl" not in request.payload


async def test_what_we_build_is_taken_and_named() -> None:
    async with twilio() as (fake, http):
        sms = channel(http, api_url=fake.base)
        photo = MediaRef("1", "image/jpeg", url="https://desk.example/media/1")
        for request in sms.render(
            outbound("Größe “5” & 100 % ✓ " + "long text. " * 300, media=(photo, photo))
        ):
            assert (await sms.send(request, "m1:0")).external_id == SENT
    sent = [dict(form) for form in fake.messages]
    assert len(sent) > 1 and all(one["StatusCallback"] == URL for one in sent)
    assert [name for name, _ in fake.messages[0]].count("MediaUrl") == 2


@pytest.mark.parametrize(
    ("said", "text", "units"),
    [("3", "Hello", 3), ("0", "Hello", 1), ("0", "x" * 161, 2), (None, "ő" * 71, 2), ("many", "x" * 307, 3)],
)
async def test_every_sms_is_counted(said: str | None, text: str, units: int) -> None:
    """Twilio's own count; ours where it has none yet (a messaging service has not chosen its sender)."""
    provider = json_provider({"sid": SENT, "num_segments": said}, (400, {}), (401, {}))
    async with provider("takes") as where, aiohttp.ClientSession() as http:
        sms = channel(http, **where)
        (request,) = sms.render(outbound(text))
        assert (await sms.send(request, "m1:0")).units == units


@pytest.mark.parametrize(
    ("status", "code", "kind", "scope"),
    [
        (429, 20429, RetryLater, "inbox"),
        (400, 21611, RetryLater, "inbox"),
        (429, None, RetryLater, "inbox"),
        (500, None, RetryLater, "contact"),
        (503, 20500, RetryLater, "contact"),
        (401, 20003, InboxBroken, None),
        (401, None, InboxBroken, None),
        (403, None, InboxBroken, None),
        (403, 20005, InboxBroken, None),
        (400, 21606, InboxBroken, None),
        (400, 21610, Unreachable, None),
        (400, 21211, Unreachable, None),
        (400, 21614, Unreachable, None),
        (403, 21408, Undeliverable, None),
        (400, 21617, Undeliverable, None),
        (400, 99999, Undeliverable, None),
        (404, None, Undeliverable, None),
    ],
)
async def test_what_a_code_means(
    status: int, code: int | None, kind: type[Exception], scope: str | None
) -> None:
    error = await raised(SPECIMEN, status, {"code": code, "message": "no", "status": status} if code else {})
    assert type(error) is kind
    if isinstance(error, RetryLater):
        assert error.scope == scope and not error.accepted_unknown
    else:
        assert isinstance(error, Undeliverable | InboxBroken) and error.code == str(code or status)


async def test_retry_after_is_kept() -> None:
    async with twilio() as (fake, http):
        sms = channel(http, api_url=fake.base)
        fake.refuse, fake.retry_after = (429, {"code": 20429}), "17"
        with pytest.raises(RetryLater) as caught:
            await sms.send(sms.render(outbound())[0], "m1:0")
    assert caught.value.after == 17


async def test_a_lost_answer_is_perhaps_taken_and_a_closed_port_is_not() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with aiohttp.ClientSession() as http:
        sms = channel(http, api_url=base)
        (request,) = sms.render(outbound())
        with pytest.raises(RetryLater) as lost:
            await sms.send(request, "m1:0")
        server.close()
        await server.wait_closed()
        with pytest.raises(RetryLater) as away:
            await sms.send(request, "m1:0")
    assert lost.value.accepted_unknown and not away.value.accepted_unknown


# Files


async def test_a_picture_is_fetched_from_twilio_alone_and_the_password_stays_there() -> None:
    (got,) = SMS.parse(post(fixture("photos_without_body")))
    source = await SMS.media(got.media[0])
    assert source.url == got.media[0].id
    assert source.hosts == ("api.twilio.com", ".twiliocdn.com")
    assert source.headers["Authorization"].startswith("Basic ")
    for url in (
        "https://evil.example/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        got.media[0].id.replace("api.twilio.com", "api.twilio.com.evil.example"),
        got.media[0].id.replace("https://", "http://"),
        got.media[0].id.replace("https://", "https://someone@"),
        got.media[0].id.replace(SID, "AC" + "9" * 32),
        "https://api.twilio.com/2010-04-01/Accounts.json",
        "file:///etc/passwd",
    ):
        with pytest.raises(Undeliverable):
            await SMS.media(MediaRef(url, "image/jpeg"))


# The operator


async def test_the_operator_is_told_what_is_wrong_and_can_register() -> None:
    async with twilio() as (fake, http):
        sms = channel(http, api_url=fake.base)
        account, webhook = await sms.check(URL)
        assert account.fine and not webhook.fine and URL in webhook.todo
        assert [one.fine for one in await sms.register(URL)] == [True]
        assert fake.webhook == URL
        assert all(one.fine for one in await sms.check(URL))

        (refused,) = await channel(http, api_url=fake.base, auth_token="old").check(URL)
        assert not refused.fine and "auth_token" in refused.todo
        stranger = channel(http, api_url=fake.base, number="+15550109999")
        assert [one.fine for one in await stranger.check(URL)] == [True, False]
        assert [one.fine for one in await stranger.register(URL)] == [False]
        service = channel(http, api_url=fake.base, number="", messaging_service="MG" + "0" * 32)
        assert URL in (await service.check(URL))[1].todo
        (away,) = await channel(http, api_url="http://127.0.0.1:1").check(URL)
    assert not away.fine and TOKEN not in str(away)
