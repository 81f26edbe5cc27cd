"""LINE: what arrives, what goes out, keys and tokens, refusals; judged by LINE's description and its own library."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import pytest

from channels.base import (
    Button,
    ChannelError,
    Checks,
    Fetches,
    Inbound,
    InboxBroken,
    Location,
    MediaRef,
    Registers,
    Request,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from channels.line import LineChannel
from channels.setup import ChannelSetup
from tests.channels import line_side
from tests.channels.line_side import channel, line
from tests.channels.specimens.base import json_provider, nobody
from tests.channels.specimens.line import HEADER, PERSON, SECRET, SPECIMEN, TOKEN, batch, deliver, said
from tests.channels.vendors import prism

FIXTURES = SPECIMEN.fixtures()
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"
CHOICES = tuple(Button(f"b{number}", f"Choice number {number}") for number in range(1, 15))
PHOTO = MediaRef("m1", "image/jpeg", None, "https://desk.example/media/m1")
REPLY = {"reply_token": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA01"}


def parse(name: str) -> list[Inbound]:
    return channel().parse(deliver(FIXTURES[name]))


def only(name: str) -> Inbound:
    (inbound,) = parse(name)
    return inbound


# What arrives


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures_are_what_line_documents(name: str) -> None:
    line_side.events().validate(json.loads(FIXTURES[name]))


def test_the_judge_sees_what_is_wrong() -> None:
    for damage in ({"text": 7}, {"type": "image"}, {"id": None}):
        document = json.loads(FIXTURES["text"])
        document["events"][0]["message"] |= damage
        with pytest.raises(jsonschema.ValidationError):
            line_side.events().validate(document)


@pytest.mark.slow
def test_lines_library_signs_and_reads_as_we_do() -> None:
    """It takes seconds to import, so only the tests that need it do."""
    from linebot.v3 import SignatureValidator, WebhookParser
    from linebot.v3.exceptions import InvalidSignatureError

    for name, body in FIXTURES.items():
        theirs = WebhookParser(SECRET).parse(body.decode(), deliver(body).headers[HEADER])
        assert [one.webhook_event_id for one in theirs] == [one.external_id for one in parse(name)]
    body = FIXTURES["text"]
    assert SignatureValidator(SECRET).validate(body.decode(), deliver(body).headers[HEADER])
    with pytest.raises(InvalidSignatureError):
        WebhookParser(SECRET).parse(body.decode(), deliver(body + b" ").headers[HEADER])


def test_the_verify_button_sends_no_event() -> None:
    channel().verify(deliver(FIXTURES["verify"]))
    assert parse("verify") == []


def test_a_text_keeps_what_a_reply_and_a_read_mark_need() -> None:
    inbound = only("text")
    assert (inbound.kind, inbound.text, inbound.contact) == ("message", "Où est la déchetterie ?", PERSON)
    assert inbound.external_id == "01KAMPQ7J1R2T3V4W5X6Y7Z801" and inbound.sent_at is not None
    assert inbound.thread == {"reply_token": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA01", "read_token": "30yhdy232wx7"}
    assert only("slash").text == "see /bottom of road"


def test_a_redelivery_has_the_same_id() -> None:
    first = json.loads(FIXTURES["redelivered"])
    first["events"][0]["deliveryContext"]["isRedelivery"] = False
    (inbound,) = channel().parse(deliver(json.dumps(first).encode()))
    assert inbound == only("redelivered")


def test_three_events_at_once_are_three() -> None:
    assert [(one.kind, one.text, one.button) for one in parse("three_at_once")] == [
        ("message", "One lamp is out", None),
        ("message", "on Elm Street", None),
        ("button", None, "q0Y_kq3Lw0aX-1bU"),
    ]


def test_files_and_places() -> None:
    assert only("image").media[0].content_type == "image/jpeg"
    assert only("image_of_a_set").thread["album"].startswith("E005")
    assert (only("file").media[0].name, only("audio").media[0].content_type) == ("plan.pdf", "audio/mp4")
    assert only("location").location == Location(40.7149, -74.0061, "Market Hall, 1 Market Square")
    assert only("pin").location == Location(40.714268, -74.005974)


def test_a_picture_that_is_not_lines_is_not_fetched() -> None:
    inbound = only("image_elsewhere")
    assert inbound.media == () and inbound.text == "https://pictures.example/1.jpg"


def test_who_blocks_us_is_unreachable_until_they_come_back() -> None:
    assert (only("unfollow").kind, only("unfollow").change) == ("contact", "unreachable")
    assert (only("follow").kind, only("follow").change) == ("contact", "reachable")


@pytest.mark.parametrize("name", ["standby", "group", "joined_group", "unsent", "sticker"])
def test_what_is_not_for_us_is_taken_and_ignored(name: str) -> None:
    assert only(name).kind == "ignored" and only(name).reason


def test_a_contact_is_lines_id_or_nobody() -> None:
    body = batch({**said(1, "x"), "source": {"type": "user", "userId": "../../etc"}})
    with pytest.raises(ChannelError):
        channel().parse(deliver(body))


# What goes out


def messages(request: Request) -> list[dict[str, Any]]:
    found: Any = request.payload["messages"]
    return list(found)


def test_long_text_and_photos_go_five_in_a_call_and_quick_replies_are_under_the_last() -> None:
    message = SPECIMEN.message("🦆 quack. " * 4_000, media=(PHOTO, PHOTO), buttons=CHOICES[:2])
    requests = channel().render(message)
    assert [len(messages(one)) for one in requests] == [5, 5]
    flat = [one for request in requests for one in messages(request)]
    assert ["quickReply" in one for one in flat] == [False] * 9 + [True]


def test_a_button_shows_its_whole_title_when_tapped() -> None:
    title = "Report a broken street light"
    (request,) = channel().render(SPECIMEN.message(buttons=(Button("b1", title), Button("b2", title + "s"))))
    actions = [item["action"] for item in messages(request)[0]["quickReply"]["items"]]
    assert [one["displayText"] for one in actions] == [title, title + "s"]
    assert len({one["label"] for one in actions}) == 2


def test_a_place_is_asked_for_with_lines_own_button_beside_the_others() -> None:
    (request,) = channel().render(SPECIMEN.message(asks_location=True, buttons=CHOICES[:1]))
    actions = [item["action"] for item in messages(request)[0]["quickReply"]["items"]]
    assert [one["type"] for one in actions] == ["location", "postback"]
    (request,) = channel().render(SPECIMEN.message(asks_location=True, buttons=CHOICES[:13]))
    assert "13. Choice number 13" in messages(request)[0]["text"]


def test_a_file_needs_an_address_that_line_calls() -> None:
    with pytest.raises(Undeliverable):
        channel().render(SPECIMEN.message(media=(MediaRef("m1", "image/jpeg", None, None),)))
    plain = MediaRef("m1", "image/jpeg", None, "http://desk.example/media/m1")
    (request,) = channel().render(SPECIMEN.message(media=(plain,)))
    assert messages(request)[1] == {"type": "text", "text": plain.url}, "as a link, for the citizen to open"
    (request,) = channel().render(
        SPECIMEN.message(media=(MediaRef("m2", "application/pdf", None, PHOTO.url),))
    )
    assert messages(request)[1] == {"type": "text", "text": PHOTO.url}


# Keys and tokens


async def test_a_push_whose_answer_was_lost_is_sent_again_and_arrives_once() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url)
        (request,) = ours.render(SPECIMEN.message())
        fake.next = [None]
        with pytest.raises(RetryLater) as raised:
            await ours.send(request, KEY)
        assert raised.value.accepted_unknown is False
        again = await ours.send(request, KEY)
        assert again.external_id == "461230"
        assert len(fake.seen) == 1 and len(fake.keys) == 1
        await ours.send(request, KEY.replace(":0", ":1"))
        assert len(fake.seen) == 2


async def test_two_inboxes_have_different_keys_for_the_same_message() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url)
        await ours.send(ours.render(SPECIMEN.message())[0], KEY)
        settings = {**SPECIMEN.settings, "api_url": fake.url}
        other = LineChannel(ChannelSetup(nobody, settings, "line-two", http=http))
        await other.send(ours.render(SPECIMEN.message())[0], KEY)
        assert len(fake.keys) == 2


async def test_a_free_reply_is_tried_first_and_pushed_when_its_token_is_used() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url, free_replies="yes")
        fake.reply_tokens.add(REPLY["reply_token"])
        (request,) = ours.render(SPECIMEN.message("first", thread=REPLY))
        assert (await ours.send(request, KEY)).external_id == "461230"
        (request,) = ours.render(SPECIMEN.message("second", thread=REPLY))
        await ours.send(request, KEY + "1")
        assert [path.rpartition("/")[2] for path, _ in fake.calls] == ["reply", "reply", "push"]
        assert fake.said == ["first", "second"]


async def test_only_the_first_call_may_use_the_reply_token() -> None:
    requests = channel(free_replies="yes").render(SPECIMEN.message("🦆 quack. " * 3_000, thread=REPLY))
    assert [one.operation for one in requests] == ["reply", "push"]
    assert [one.operation for one in channel().render(SPECIMEN.message(thread=REPLY))] == ["push"]


async def test_a_reply_whose_answer_was_lost_is_never_lost_itself() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url, free_replies="yes")
        fake.reply_tokens.add(REPLY["reply_token"])
        (request,) = ours.render(SPECIMEN.message("hello", thread=REPLY))
        fake.next = [None]
        with pytest.raises(RetryLater):
            await ours.send(request, KEY)
        await ours.send(request, KEY)
        assert fake.said == ["hello", "hello"]  # the price of free replies, named in the setting's help


# What LINE refuses


async def refused(status: int, message: str, **document: Any) -> ChannelError:
    async with line() as (fake, http):
        fake.next = [(status, {"message": message, **document})]
        ours = channel(http, api_url=fake.url)
        with pytest.raises(ChannelError) as raised:
            await ours.send(ours.render(SPECIMEN.message())[0], KEY)
    assert TOKEN not in repr(raised.value)
    return raised.value


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "The request body has 1 error(s)", Undeliverable),
        (400, "Failed to send messages", Unreachable),
        (400, "The property, 'to', in the request body is invalid (line: -, column: -)", Unreachable),
        (401, "Authentication failed. Confirm that the access token is valid.", InboxBroken),
        (403, "Not authorized to use this API", InboxBroken),
        (413, "Request exceeds the max size of 2MB", Undeliverable),
        (429, "You have reached your monthly limit.", InboxBroken),
        (429, "The API rate limit has been exceeded. Try again later.", RetryLater),
        (500, "The server is temporarily unavailable", RetryLater),
    ],
)
async def test_each_refusal_has_its_kind(status: int, message: str, kind: type[ChannelError]) -> None:
    error = await refused(status, message)
    assert type(error) is kind
    if isinstance(error, RetryLater):
        assert error.scope == ("inbox" if status == 429 else "contact") and not error.accepted_unknown


# Files, the account


async def test_a_file_is_fetched_from_lines_data_host_with_the_token() -> None:
    async with line() as (fake, http):
        ours = channel(http, data_url=fake.url)
        assert isinstance(ours, Fetches)
        source = await ours.media(only("image").media[0])
        async with http.get(source.url, headers=source.headers) as answer:
            assert (await answer.read()).startswith(b"\xff\xd8\xff")
        assert source.hosts == ("127.0.0.1",) and TOKEN not in repr(source)
        with pytest.raises(Undeliverable):
            await ours.media(MediaRef("../../info", "image/jpeg"))
    assert (await channel(data_url="").media(MediaRef("1", "image/jpeg"))).hosts == ("api-data.line.me",)
    with pytest.raises(ValueError):
        channel(data_url="http://files.example")


async def test_findings_say_what_to_do() -> None:
    webhook = "https://desk.example/webhooks/line"
    answers = {
        "displayName": "Lindenport",
        "basicId": "@lindenport",
        "endpoint": "https://old.example/",
        "active": False,
        "type": "limited",
        "value": 200,
        "totalUsage": 200,
        "success": False,
        "reason": "ERROR_STATUS_CODE",
        "detail": "403",
    }
    provider = json_provider(answers, (400, {}), (401, {"message": "Authentication failed."}))
    async with aiohttp.ClientSession() as http:
        async with provider("takes") as where:
            ours = channel(http, **where)
            assert isinstance(ours, Checks) and isinstance(ours, Registers)
            assert [one.fine for one in await ours.check(webhook)] == [True, False, False, False]
            assert [one.fine for one in await ours.register(webhook)] == [True, False]
        async with provider("broken") as where:
            for findings in (
                await channel(http, **where).check(webhook),
                await channel(http, **where).register(webhook),
            ):
                assert [one.fine for one in findings] == [False] and "new token" in findings[0].todo


# LINE's own description, and its own library


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("line")
    with prism(line_side.calls(), folder) as url:
        yield url


def every_shape() -> list[Request]:
    """Each request our code can build."""
    ours, say = channel(free_replies="yes"), SPECIMEN.message
    outbound = [
        say(),
        say("ü" * 30_000),
        say(buttons=CHOICES[:13]),
        say(buttons=CHOICES),
        say(buttons=(Button("b1", "A title that is longer than twenty characters"),)),
        say(asks_location=True, buttons=CHOICES[:2], language="fr"),
        say(media=(PHOTO,)),
        say("", media=(PHOTO,), buttons=CHOICES[:2]),
        say("", buttons=CHOICES[:1]),
        say(thread=REPLY),
    ]
    requests = [request for one in outbound for request in ours.render(one)]
    return [*requests, *ours.presence(PERSON, "1", {"read_token": "30yhdy232wx7"})]


@pytest.mark.slow
async def test_every_request_is_taken_by_lines_own_description(described: str) -> None:
    async with aiohttp.ClientSession() as http:
        ours = channel(http, api_url=described)
        requests = every_shape()
        assert {one.operation for one in requests} == {"push", "reply", "loading", "read"}
        for number, request in enumerate(requests):
            sent = await ours.send(request, f"{KEY}{number}")
            assert sent.external_id or request.operation in ("loading", "read")
        assert not [one for one in await ours.register("https://desk.example/x") if not one.what]
        assert len(await ours.check("https://desk.example/x")) == 4


@pytest.mark.slow
async def test_the_description_refuses_what_line_refuses(described: str) -> None:
    wrong: list[list[dict[str, Any]]] = [
        [],
        [{"type": "text", "text": "x"}] * 6,
        [{"type": "text"}],
        [{"type": "image", "originalContentUrl": "https://x.example/1.jpg"}],
        [{"type": "text", "text": "x", "quickReply": {"items": [{"type": "action"}] * 14}}],
        [{"type": "telepathy", "text": "x"}],
        [
            {
                "type": "text",
                "text": "x",
                "quickReply": {
                    "items": [{"type": "action", "action": {"type": "postback", "data": "x" * 301}}]
                },
            }
        ],
    ]
    async with aiohttp.ClientSession() as http:
        ours = channel(http, api_url=described)
        for one in wrong:
            with pytest.raises(Undeliverable):
                await ours.send(Request("push", {"to": PERSON, "messages": one}), KEY)
        with pytest.raises(InboxBroken):
            bare = channel(http, api_url=described)
            bare._calls._headers.pop("Authorization")
            await bare.send(Request("push", {"to": PERSON, "messages": [{"type": "text", "text": "x"}]}), KEY)


@pytest.mark.slow
def test_lines_library_builds_the_same_calls() -> None:
    from linebot.v3.messaging import PushMessageRequest

    for request in every_shape():
        if request.operation == "push":
            theirs = PushMessageRequest.from_dict(dict(request.payload))
            assert theirs is not None
            # Theirs writes one default down.
            assert _without_nothing(theirs.to_dict()) == {**request.payload, "notificationDisabled": False}


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value
