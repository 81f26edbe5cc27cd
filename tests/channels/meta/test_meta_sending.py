"""What goes to Messenger and Instagram, and what Meta answers."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import (
    InboxBroken,
    MediaRef,
    Request,
    RetryLater,
    Sent,
    Undeliverable,
    Unreachable,
    WindowClosed,
)
from channels.meta.messaging import MetaChannel
from tests.channels.meta.meta_side import BOTH, INSTAGRAM, KEY, PAGE, WEBHOOK, choices, messages
from tests.channels.refusals import raised
from tests.support.sockets import serving
from tests.support.specimens.base import Specimen
from tests.support.specimens.meta_common import APP_SECRET, TOKEN
from tests.support.specimens.meta_messaging import ACCOUNT, APP_ID, PERSON

# --- what goes


def test_few_choices_on_messenger_are_buttons_that_stay() -> None:
    (shown,) = messages(PAGE, PAGE.message("Is that right?", buttons=choices("Yes", "No")))
    template = shown["attachment"]["payload"]
    assert template["text"] == "Is that right?" and [one["payload"] for one in template["buttons"]] == [
        "b0",
        "b1",
    ]
    first, last = messages(
        PAGE, PAGE.message("The office is open on weekdays. " * 40, buttons=choices("Thanks"))
    )
    assert len(first["text"]) > 600 and len(last["attachment"]["payload"]["text"]) <= 640


@BOTH
def test_a_title_that_is_cut_stands_whole_in_the_text(specimen: Specimen) -> None:
    long = "Something is wrong with the water"
    (shown,) = messages(specimen, specimen.message("What is it?", buttons=choices(long, "Other")))
    assert shown["text"] == f"What is it?\n\n1. {long}\n2. Other"
    assert len(shown["quick_replies"][0]["title"]) <= 20
    (many,) = messages(specimen, specimen.message("Which?", buttons=choices(*(f"No {n}" for n in range(14)))))
    assert "quick_replies" not in many and "14. No 13" in many["text"]


@BOTH
def test_after_a_day_only_a_human_writes_and_says_so(specimen: Specimen) -> None:
    channel = specimen.open()
    (now,) = channel.render(specimen.message(human=True))
    assert now.payload["messaging_type"] == "RESPONSE" and "tag" not in now.payload
    (later,) = channel.render(specimen.message(human=True, window_open=False))
    assert (later.payload["messaging_type"], later.payload["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    with pytest.raises(WindowClosed):
        channel.render(specimen.message(human=False, window_open=False))
    assert (channel.capabilities.reply_window_hours, channel.capabilities.human_window_hours) == (24, 7 * 24)


def test_a_document_is_a_file_on_messenger_and_a_link_on_instagram() -> None:
    letter = MediaRef("m1", "application/pdf", "letter.pdf", "https://desk.lindenport.example/m/1")
    (file,) = messages(PAGE, PAGE.message("", media=(letter,)))
    assert file["attachment"]["type"] == "file"
    assert messages(INSTAGRAM, INSTAGRAM.message("", media=(letter,))) == [{"text": letter.url}]
    with pytest.raises(Undeliverable):
        messages(PAGE, PAGE.message(media=(MediaRef("m1", "image/jpeg"),)))


# --- calls


@BOTH
@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (10, 2018278, WindowClosed),
        (10, 2534022, WindowClosed),
        (10, 2018065, WindowClosed),
        (10, 2018108, Unreachable),
        (200, 1545041, Unreachable),
        (10, 2018300, RetryLater),
        (10, None, InboxBroken),
        (10, 1, InboxBroken),
        (551, None, Unreachable),
        (100, 2018001, Unreachable),
        (100, None, Undeliverable),
        (190, 463, InboxBroken),
        (200, None, InboxBroken),
        (230, None, InboxBroken),
        (613, None, RetryLater),
        (4, None, RetryLater),
        (1200, None, RetryLater),
        (2, None, RetryLater),
        (987654, None, Undeliverable),
    ],
)
async def test_codes(specimen: Specimen, code: int, subcode: int | None, kind: type[Exception]) -> None:
    said = {"code": code, "message": "x", **({"error_subcode": subcode} if subcode else {})}
    error = await raised(specimen, 400, {"error": said})
    assert type(error) is kind
    if isinstance(error, RetryLater):
        assert error.scope == ("inbox" if code in (4, 613) else "contact") and not error.accepted_unknown


@BOTH
async def test_the_call_carries_its_proof_and_on_messenger_our_key(specimen: Specimen) -> None:
    seen: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(
            (request.path, dict(request.query), request.headers["Authorization"], await request.json())
        )
        return web.json_response({"recipient_id": PERSON, "message_id": "m_1"})

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url)
        assert isinstance(channel, MetaChannel)
        (request,) = channel.render(specimen.message())
        assert (await channel.send(request, KEY)).external_id == "m_1"
        for action in channel.typing(PERSON, "m_0", {}):
            assert (await channel.send(action, KEY)).external_id is None
    (path, query, authorization, body), *actions = seen
    assert path == "/v23.0/me/messages" and list(query) == ["appsecret_proof"]
    assert authorization == f"Bearer {specimen.settings['token']}"
    assert body["message"].get("metadata") == (KEY if specimen is PAGE else None)
    assert [one[3]["sender_action"] for one in actions] == ["mark_seen", "typing_on"]


@BOTH
async def test_files_are_fetched_from_meta_alone_and_without_the_token(specimen: Specimen) -> None:
    channel = specimen.open(api_url="https://graph.facebook.com")
    assert isinstance(channel, MetaChannel)
    source = await channel.media(MediaRef("https://scontent.xx.fbcdn.net/v/p.jpg?oh=1", "image/jpeg"))
    assert ".fbcdn.net" in source.hosts and source.headers == {}
    for strange in (
        "https://evil.example/p.jpg",
        "https://fbcdn.net.evil.example/",
        "http://[",
        "m_1",
        "https://xfbcdn.net/",
    ):
        with pytest.raises(Undeliverable):
            await channel.media(MediaRef(strange, "image/jpeg"))


def graph(fields: list[str], callback: str, seen: list[Any]) -> Any:
    async def answer(request: web.Request) -> web.Response:
        seen.append((request.method, request.path, request.headers["Authorization"], await request.text()))
        match request.path.removeprefix("/v23.0/"):
            case "debug_token":
                scopes = ["pages_messaging", "pages_manage_metadata", "instagram_manage_messages"]
                return web.json_response({"data": {"is_valid": True, "scopes": scopes, "expires_at": 0}})
            case "me":
                return web.json_response({"id": ACCOUNT, "name": "Lindenport"})
            case "me/subscribed_apps" if request.method == "GET":
                return web.json_response({"data": [{"id": APP_ID, "subscribed_fields": fields}]})
            case path if path == f"{APP_ID}/subscriptions" and request.method == "GET":
                known = [
                    {"object": one, "callback_url": callback, "active": True} for one in ("page", "instagram")
                ]
                return web.json_response({"data": known})
        return web.json_response({"success": True})

    return serving(answer)


@BOTH
async def test_check_and_register_say_it_in_words(specimen: Specimen) -> None:
    seen: list[Any] = []
    channel = specimen.open()
    assert isinstance(channel, MetaChannel)
    fields = list(channel.dialect.page_fields)
    async with aiohttp.ClientSession() as http:
        async with graph(fields, WEBHOOK, seen) as url:
            ready = specimen.open(http, api_url=url)
            assert isinstance(ready, MetaChannel)
            assert all(one.fine for one in await ready.check(WEBHOOK)), await ready.check(WEBHOOK)
            seen.clear()
            assert [one.fine for one in await ready.register(WEBHOOK)] == [True]
        subscription, page = seen
        wanted = json.loads(subscription[3])
        assert (wanted["callback_url"], wanted["object"]) == (WEBHOOK, channel.dialect.object)
        # The app's own subscriptions take the app's own token.
        assert (subscription[2], page[2]) == (f"Bearer {APP_ID}|{APP_SECRET}", f"Bearer {TOKEN}")
        assert json.loads(page[3])["subscribed_fields"] == ",".join(fields)
        async with graph(fields[:1], "https://old.example/", seen) as url:
            wrong = specimen.open(http, api_url=url, account_id="1")
            assert isinstance(wrong, MetaChannel)
            token, account, posts, address = await wrong.check(WEBHOOK)
    assert token.fine and not (account.fine or posts.fine or address.fine)
    assert "account_id" in account.todo and "messaging_postbacks" in posts.todo and WEBHOOK in address.todo


@BOTH
async def test_a_broken_token_is_said_in_words(specimen: Specimen) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"error": {"code": 190, "message": "secret things"}}, status=401)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url)
        assert isinstance(channel, MetaChannel)
        findings = [*await channel.check(WEBHOOK), *await channel.register(WEBHOOK)]
    assert not any(one.fine for one in findings)
    assert all(one.todo and "secret" not in one.todo for one in findings)


@BOTH
def test_an_agent_takes_the_thread_before_the_words_go(specimen: Specimen) -> None:
    """Conversation Routing: POST /{page}/take_thread_control with the recipient, then the message."""
    taking, says = specimen.open().render(specimen.message("I am here now.", human=True, takes_thread=True))
    assert taking == Request("take_thread_control", {"recipient": {"id": specimen.contact}})
    assert says.operation == "messages"
    assert [one.operation for one in specimen.open().render(specimen.message("x"))] == ["messages"]


@BOTH
def test_an_agent_passes_the_thread_after_the_words_went(specimen: Specimen) -> None:
    """POST /{page}/pass_thread_control with the recipient and the app that gets it: the page's inbox, or the one that is set."""
    says, passing = specimen.open().render(
        specimen.message("They know more.", human=True, passes_thread=True)
    )
    assert says.operation == "messages"
    to = {"recipient": {"id": specimen.contact}}
    assert passing == Request("pass_thread_control", {**to, "target_app_id": "263902037430900"})
    _, passing = specimen.open(other_app_id="77").render(
        specimen.message("x", human=True, passes_thread=True)
    )
    assert passing.payload["target_app_id"] == "77"


@BOTH
@pytest.mark.parametrize("control", ["takes_thread", "passes_thread"])
@pytest.mark.parametrize(("status", "code"), [(400, 100), (403, 10)])
async def test_a_thread_that_cannot_be_taken_or_passed_stops_nothing(
    specimen: Specimen, control: str, status: int, code: int
) -> None:
    """It may be ours already, or never ours: the message itself will tell, and the inbox goes on."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"error": {"code": code}}, status=status)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url)
        calls = channel.render(specimen.message("x", human=True, **{control: True}))
        (routing,) = [one for one in calls if one.operation != "messages"]
        assert await channel.send(routing, KEY) == Sent()
