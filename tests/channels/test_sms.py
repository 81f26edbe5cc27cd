"""SMS: what Twilio posts, what it takes, and what Rasa's own connector gets wrong (reference section 5)."""

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.base import (
    Acknowledges,
    Button,
    Channel,
    Checks,
    Fetches,
    InboxBroken,
    Location,
    MalformedPayload,
    MediaRef,
    NotAuthentic,
    Outbound,
    Registers,
    Request,
    RetryLater,
    Undeliverable,
    Unreachable,
    Webhook,
)
from channels.gsm7 import segments
from channels.setup import InboxError
from tests.channels.twilio_side import (
    CITIZEN,
    FORM,
    NUMBER,
    SENT,
    SID,
    TOKEN,
    URL,
    channel,
    fixture,
    post,
    twilio,
)

SMS = channel()


def outbound(text: str = "Hello", **more: Any) -> Outbound:
    return Outbound("m1", CITIZEN, text, "en", **more)


def bodies(requests: list[Request]) -> list[str]:
    return [str(request.payload.get("Body", "")) for request in requests]


def test_it_is_all_a_channel_may_be() -> None:
    assert isinstance(SMS, Acknowledges) and isinstance(SMS, Fetches)
    assert isinstance(SMS, Checks) and isinstance(SMS, Registers)
    channels: list[Channel] = [SMS]
    assert channels[0].name == "sms"
    # Twilio reads the body as TwiML: anything but an empty answer would be sent to the citizen.
    assert SMS.acknowledgement.body == "<Response/>"
    assert SMS.acknowledgement.content_type.startswith("text/xml")


# Who posts


def test_what_twilio_signs_is_accepted() -> None:
    SMS.verify(post(fixture("text")))
    SMS.verify(post(fixture("photos_without_body")))


@pytest.mark.parametrize("theirs", [URL, URL.replace("example", "example:443")])
@pytest.mark.parametrize("ours", [URL, URL.replace("example", "example:443")])
def test_the_port_may_be_signed_or_not(ours: str, theirs: str) -> None:
    signed = post(fixture("text"), url=theirs)
    SMS.verify(Webhook(signed.headers, signed.body, url=ours))


def test_a_port_of_our_own_may_be_signed_or_not() -> None:
    for theirs in ("https://desk.example:8443/webhooks/sms", "https://desk.example/webhooks/sms"):
        signed = post(fixture("text"), url=theirs)
        SMS.verify(Webhook(signed.headers, signed.body, url="https://desk.example:8443/webhooks/sms"))


def test_a_name_given_twice_is_signed_twice() -> None:
    body = b"MessageSid=SM1&a=2&a=1&a=2&b="
    text = URL + "MessageSid" + "SM1" + "a1" + "a2" + "b"
    signature = RequestValidator(TOKEN).compute_signature(text, None)
    SMS.verify(Webhook({"x-twilio-signature": signature, "content-type": FORM}, body, url=URL))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: Webhook({**good.headers, "x-twilio-signature": ""}, good.body, url=good.url),
        lambda good: Webhook({"content-type": FORM}, good.body, url=good.url),
        lambda good: Webhook(good.headers, good.body + b"&Body=more", url=good.url),
        lambda good: Webhook(good.headers, good.body, url=good.url + "?x=1"),
        lambda good: Webhook(good.headers, good.body, url=good.url.replace("desk", "evil")),
        lambda good: Webhook({**good.headers, "content-type": "text/plain"}, good.body, url=good.url),
        lambda good: Webhook({**good.headers, "x-twilio-signature": "ü" * 28}, good.body, url=good.url),
        lambda good: Webhook(good.headers, "Body=ü".encode(), url=good.url),
        lambda good: Webhook(good.headers, b"a=1&" * 2_000, url=good.url),
        lambda good: post(fixture("text"), token="another-token"),
    ],
)
def test_a_forged_post_is_refused(spoil: Callable[[Webhook], Webhook]) -> None:
    """Rasa's connector checks no signature at all: a forged form gets an answer."""
    good = post(fixture("text"))
    SMS.verify(good)
    with pytest.raises(NotAuthentic):
        SMS.verify(spoil(good))


def test_a_shared_key_signs_with_sha_256_and_the_token_cannot_pass_for_it() -> None:
    shared = "the-shared-key"
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    fields = fixture("text")
    signature = RequestValidator(shared).compute_signature(URL, fields, "HMAC_SHA256")
    signed = post(
        fields,
        **{"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings},
    )
    channel(signing_key=shared).verify(signed)
    channel(signing_key=shared).verify(post(fields))  # while both kinds are on their way
    for inbox in (SMS, channel(signing_key="another")):
        with pytest.raises(NotAuthentic):
            inbox.verify(signed)
    for weaker in ("key=k,algorithm=HMAC_MD5", "key=k,algorithm=HMAC_SHA1", "key=k,algorithm=none"):
        forged = post(fields, **{"x-twilio-webhooks-signature-settings": weaker})
        with pytest.raises(NotAuthentic):
            channel(signing_key=shared).verify(forged)


def test_a_body_that_is_no_form_is_vouched_for_by_its_hash() -> None:
    body = b'{"a": 1}'

    def signed(content: bytes, hashed: bytes) -> Webhook:
        url = f"{URL}?bodySHA256={hashlib.sha256(hashed).hexdigest()}"
        signature = RequestValidator(TOKEN).compute_signature(url, None)
        headers = {"x-twilio-signature": signature, "content-type": "application/json"}
        return Webhook(headers, content, url=url)

    good = signed(body, body)
    assert RequestValidator(TOKEN).validate(good.url, body.decode(), good.headers["x-twilio-signature"])
    SMS.verify(good)
    assert [one.kind for one in SMS.parse(good)] == ["ignored"]
    with pytest.raises(NotAuthentic):
        SMS.verify(signed(b'{"a": 2}', body))
    bare = RequestValidator(TOKEN).compute_signature(URL, None)
    with pytest.raises(NotAuthentic):
        SMS.verify(Webhook({"x-twilio-signature": bare, "content-type": "application/json"}, body, url=URL))


def test_without_a_secret_nothing_starts() -> None:
    with pytest.raises(ValueError, match="secret"):
        channel(auth_token="")
    with pytest.raises(InboxError, match="number"):
        channel(number="")


# What arrives


def test_a_text_arrives_whole_and_the_same_post_has_the_same_id() -> None:
    (first,), (second,) = SMS.parse(post(fixture("text"))), SMS.parse(post(fixture("text")))
    assert first == second
    assert first.kind == "message" and first.contact == first.phone == CITIZEN
    assert first.text == fixture("text")["Body"]
    assert first.external_id == fixture("text")["MessageSid"]


def test_pictures_without_a_text_do_not_crash() -> None:
    """Rasa's connector calls `.replace` on a missing Body and answers 500."""
    (got,) = SMS.parse(post(fixture("photos_without_body")))
    assert got.kind == "message" and got.text is None
    assert [ref.content_type for ref in got.media] == ["image/jpeg", "image/png"]


def test_a_location_is_a_location() -> None:
    """Rasa's connector makes it "/locationData{'Latitude': …}", which is neither JSON nor an entity."""
    (got,) = SMS.parse(post(fixture("location")))
    assert got.location == Location(40.5852, -74.2735, "5 Main St, Lindenport") and got.text is None


@pytest.mark.parametrize(
    "word", ["STOP", "Stop.", " unsubscribe ", "ARRÊT", "arret", "Baja", "cancelar", "Stop all"]
)
def test_stop_in_three_languages_is_a_change_and_no_message(word: str) -> None:
    (got,) = SMS.parse(post(fixture("text", Body=word)))
    assert (got.kind, got.change, got.text) == ("contact", "opted_out", None)


@pytest.mark.parametrize(
    "text", ["please stop the noise", "stop sign missing", "the bus stop", "yes", "no", "help"]
)
def test_a_word_in_a_sentence_is_none(text: str) -> None:
    (got,) = SMS.parse(post(fixture("text", Body=text)))
    assert (got.kind, got.change, got.text) == ("message", None, text)


def test_what_twilio_calls_stop_is_stop_in_any_words() -> None:
    (got,) = SMS.parse(post(fixture("stop", Body="déjame en paz")))
    assert got.change == "opted_out"
    (got,) = SMS.parse(post(fixture("stop", Body="INFO", OptOutType="HELP")))
    assert got.kind == "ignored"  # Twilio has answered it


@pytest.mark.parametrize("fields", [{}, {"Body": "yes", "OptOutType": "START"}, {"Body": "Iniciar"}])
def test_start_is_remembered_and_answered(fields: dict[str, str]) -> None:
    change, message = SMS.parse(post(fixture("start", **fields)))
    assert (change.kind, change.change) == ("contact", "opted_in")
    assert message.kind == "message" and message.text
    assert change.external_id != message.external_id


def test_a_machine_or_our_own_number_is_never_answered() -> None:
    for sender in ("AMAZON", "55512", NUMBER, "whatsapp:+15550123456", ""):
        (got,) = SMS.parse(post(fixture("text", From=sender)))
        assert got.kind == "ignored"


def test_the_fate_of_our_messages() -> None:
    (delivered,) = SMS.parse(post(fixture("status_delivered")))
    assert delivered.receipt == (fixture("status_delivered")["MessageSid"], "delivered")
    failed, gone = SMS.parse(post(fixture("status_undelivered")))
    assert failed.receipt and failed.receipt[1] == "failed" and failed.reason == "Twilio 30006"
    assert (gone.change, gone.contact) == ("unreachable", CITIZEN)
    _, stopped = SMS.parse(post(fixture("status_undelivered", ErrorCode="21610")))
    assert stopped.change == "opted_out"
    (off,) = SMS.parse(post(fixture("status_undelivered", ErrorCode="30003")))
    assert off.kind == "receipt"  # a phone that is off may be on tomorrow
    for status in ("queued", "sending", "accepted", "scheduled", "a-new-one"):
        (way,) = SMS.parse(post(fixture("status_delivered", MessageStatus=status)))
        assert way.kind == "ignored"
    ids = {delivered.external_id, failed.external_id, gone.external_id}
    assert len(ids) == 3


def test_a_call_or_anything_else_is_accepted_and_ignored() -> None:
    (got,) = SMS.parse(post({"AccountSid": SID, "CallSid": "CA1", "CallStatus": "ringing"}))
    assert got.kind == "ignored"


values = st.text(max_size=30) | st.sampled_from(
    ["received", "SM" + "a" * 32, "+15550123456", "3", "9e999", "nan"]
)
names = st.sampled_from(
    [
        "MessageSid",
        "SmsSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "MediaUrl0",
        "Latitude",
        "Longitude",
        "MessageStatus",
        "ErrorCode",
        "OptOutType",
    ]
)


@given(st.dictionaries(names, values, max_size=12))
@settings(deadline=None)
def test_odd_forms_are_refused_in_one_way(fields: dict[str, str]) -> None:
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    webhook = post(fields)
    SMS.verify(webhook)
    try:
        SMS.parse(webhook)
    except MalformedPayload:
        return


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_odd_bytes_are_refused_in_one_way(body: bytes) -> None:
    try:
        SMS.parse(Webhook({"content-type": FORM}, body, url=URL))
    except MalformedPayload:
        return


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
    assert [len(list(one.payload["MediaUrl"])) for one in many] == [10, 1]  # type: ignore[call-overload]
    (request,) = SMS.render(Outbound("m", "+491700000", "Look", "de", media=(photo,)))
    assert request.payload["Body"] == "Look\nhttps://desk.example/media/1"
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
    async with twilio() as (fake, http):
        sms = channel(http, api_url=fake.base)
        fake.refuse = status, {"code": code, "message": "no", "status": status} if code else {}
        (request,) = sms.render(outbound())
        with pytest.raises(kind) as caught:
            await sms.send(request, "m1:0")
    assert type(caught.value) is kind
    if isinstance(caught.value, RetryLater):
        assert caught.value.scope == scope and not caught.value.accepted_unknown
    else:
        assert caught.value.code == str(code or status)  # type: ignore[attr-defined]


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
