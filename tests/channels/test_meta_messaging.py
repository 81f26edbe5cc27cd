"""Messenger and Instagram in their own particulars; and each way in which Rasa's Facebook connector fails, which must not be ours."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import (
    Button,
    Inbound,
    InboxBroken,
    MediaRef,
    NotAuthentic,
    Outbound,
    RetryLater,
    Undeliverable,
    Unreachable,
    WindowClosed,
)
from channels.meta import MetaChannel
from tests.channels.specimens import instagram, messenger
from tests.channels.specimens.base import Specimen, serving
from tests.channels.specimens.meta_common import APP_SECRET, TOKEN, deliver, forgeries
from tests.channels.specimens.meta_messaging import ACCOUNT, APP_ID, OTHER_APP, PERSON, event, said, webhook

PAGE, INSTAGRAM = messenger.SPECIMEN, instagram.SPECIMEN
BOTH = pytest.mark.parametrize("specimen", [PAGE, INSTAGRAM], ids=lambda one: one.channel)
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"
WEBHOOK = "https://desk.lindenport.example/webhooks/page"


def parse(specimen: Specimen, body: bytes) -> list[Inbound]:
    return specimen.open().parse(deliver(body))


def told(specimen: Specimen, name: str) -> list[Inbound]:
    """What a fixture holds, without who has the thread."""
    found = parse(specimen, specimen.fixtures()[name])
    return [one for one in found if not one.external_id.endswith(":owner")]


def only(specimen: Specimen, name: str) -> Inbound:
    (found,) = told(specimen, name)
    return found


def kind_of(specimen: Specimen) -> str:
    return "page" if specimen is PAGE else "instagram"


def messages(specimen: Specimen, outbound: Outbound) -> list[Any]:
    return [request.payload["message"] for request in specimen.open().render(outbound)]


def choices(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(f"b{number}", title) for number, title in enumerate(titles))


# --- Rasa 3.6.21, rasa/core/channels/facebook.py: what fails there


@BOTH
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "nothing"])
def test_the_request_does_not_choose_the_algorithm(specimen: Specimen, algorithm: str) -> None:
    """facebook.py:405-417 takes any name of hashlib from the header, MD5 too, and crashes on what is none."""
    body = specimen.fixtures()["text"]
    named = [
        forged
        for forged in forgeries(body).values()
        if any(value.startswith(algorithm) for value in forged.headers.values())
    ]
    assert named
    for forged in named:
        with pytest.raises(NotAuthentic):
            specimen.open().verify(forged)


@BOTH
def test_three_in_a_batch_are_three(specimen: Specimen) -> None:
    """facebook.py:98-105 returns inside its loops: one of three is handled."""
    found = parse(specimen, webhook(kind_of(specimen), {"messaging": [said(f"{n}", n) for n in range(3)]}))
    assert [one.text for one in found if one.kind == "message"] == ["0", "1", "2"]


@BOTH
def test_standby_and_changes_do_not_crash(specimen: Specimen) -> None:
    """facebook.py:100 reads entry["messaging"]: standby and changes are a KeyError, answered with 500."""
    kind = kind_of(specimen)
    (owner, heard) = parse(specimen, specimen.fixtures()["standby"])
    # Another app answers: ours listens, and the desk is told to be silent before it hears the words.
    assert (owner.change, heard.kind, heard.text) == ("routed_away", "message", "Is somebody there?")
    (change,) = parse(specimen, webhook(kind, {"changes": [{"field": "feed", "value": {}}]}))
    assert change.kind == "ignored"
    assert parse(specimen, webhook(kind, {})) == []


@BOTH
@pytest.mark.parametrize("name", ["echo", "echo_of_an_image"])
def test_our_own_echo_is_not_answered(specimen: Specimen, name: str) -> None:
    """facebook.py:113-128 looks for is_echo in texts alone: the echo of an image is answered, and its echo, and so on."""
    assert only(specimen, name).kind in ("ignored", "receipt")


@BOTH
def test_the_page_is_never_a_citizen(specimen: Specimen) -> None:
    """Even an echo that does not say that it is one."""
    ours = said("Hello", 1)
    ours["sender"], ours["recipient"] = ours["recipient"], ours["sender"]
    (found,) = parse(specimen, webhook(kind_of(specimen), {"messaging": [ours]}))
    assert found.kind == "ignored"


@BOTH
def test_four_buttons_are_four_and_long_text_is_split(specimen: Specimen) -> None:
    """facebook.py:184 drops the fourth button without a word, and sends more than 2,000 characters, which are refused."""
    (shown,) = messages(specimen, specimen.message(buttons=choices("One", "Two", "Three", "Four")))
    assert [one["payload"] for one in shown["quick_replies"]] == ["b0", "b1", "b2", "b3"]
    parts = messages(specimen, specimen.message("The office is open on weekdays. " * 200))
    assert len(parts) >= 4 and all(part["text"].endswith("weekdays.") for part in parts)


# --- what arrives


@BOTH
def test_where_a_message_stands_says_whose_the_thread_is(specimen: Specimen) -> None:
    """Ownership also ends by itself, after a day, and no event says so."""
    owner, message = parse(specimen, specimen.fixtures()["text"])
    assert (owner.kind, owner.change, owner.contact) == ("contact", "routed_here", PERSON)
    assert (message.kind, message.text) == ("message", "There is a pothole in Elm Street.")


@BOTH
def test_threads_are_passed_and_taken(specimen: Specimen) -> None:
    here, away = only(specimen, "pass_thread_control"), only(specimen, "take_thread_control")
    assert (here.contact, here.change) == (PERSON, "routed_here")
    assert (away.contact, away.change) == (PERSON, "routed_away")

    def change(content: dict[str, Any], **parties: Any) -> Inbound:
        body = webhook(kind_of(specimen), {"messaging": [{**event(content), **parties}]})
        (found,) = parse(specimen, body)
        return found

    passed_on = change(
        {"pass_thread_control": {"previous_owner_app_id": APP_ID, "new_owner_app_id": int(OTHER_APP)}}
    )
    assert passed_on.change == "routed_away"
    # Older events name the loser alone, and have the citizen as the recipient.
    lost = change(
        {"take_thread_control": {"previous_owner_app_id": APP_ID}},
        sender={"id": ACCOUNT},
        recipient={"id": PERSON},
    )
    assert (lost.contact, lost.change) == (PERSON, "routed_away")
    assert change({"take_thread_control": {"metadata": "?"}}).kind == "ignored"


@BOTH
def test_taps_are_buttons_with_their_words(specimen: Specimen) -> None:
    assert (only(specimen, "quick_reply").button, only(specimen, "quick_reply").text) == (
        "b0c1",
        "Street light",
    )
    assert (only(specimen, "postback").button, only(specimen, "postback").kind) == ("b0c2", "button")
    bare = event({"postback": {"mid": "m_1", "title": "Yes"}})
    found = parse(specimen, webhook(kind_of(specimen), {"standby": [bare]}))[1]
    assert (found.kind, found.text, found.button) == ("message", "Yes", None)


@BOTH
def test_photos_come_with_their_words(specimen: Specimen) -> None:
    found = only(specimen, "two_images_with_text")
    assert found.text == "Both sides of it"
    assert [(one.content_type, one.id.startswith("https://scontent.")) for one in found.media] == [
        ("image/jpeg", True)
    ] * 2
    assert only(specimen, "voice").media[0].content_type == "audio/mp4"


def test_messengers_own_kinds() -> None:
    place = only(PAGE, "location").location
    assert place is not None and (place.latitude, place.longitude) == (40.7128, -74.006)
    assert only(PAGE, "like").text == "👍" and only(PAGE, "like").media == ()
    assert only(PAGE, "shared_link").text == "Bins https://www.lindenport.example/bins"
    assert (only(PAGE, "get_started").kind, only(PAGE, "get_started").text) == ("message", "Hello")
    assert [one.receipt for one in told(PAGE, "delivery")] == [
        ("m_sent1", "delivered"),
        ("m_sent2", "delivered"),
    ]
    assert only(PAGE, "read").kind == "ignored"


def test_instagrams_own_kinds() -> None:
    assert only(INSTAGRAM, "story_reply").text == "Nice picture. When is the market?"
    assert only(INSTAGRAM, "as_a_change").text == "Sent as a change"
    assert only(INSTAGRAM, "seen").receipt == ("m_sent1", "read")
    for name in ("story_mention", "deleted", "reaction"):
        assert only(INSTAGRAM, name).kind == "ignored", name
    for name in ("share", "unsupported"):
        found = only(INSTAGRAM, name)
        assert (found.kind, found.text, found.media) == ("message", None, ()) and found.reason, name


def test_an_echo_with_our_key_says_that_meta_took_it() -> None:
    """The answer to our call may have been lost; the echo still comes."""
    assert only(PAGE, "echo").receipt == (KEY, "sent")
    for strange in ({"app_id": int(OTHER_APP)}, {"metadata": "SENT BY SOMETHING ELSE"}):
        echo = said("x", 1, is_echo=True, **{"app_id": int(APP_ID), "metadata": KEY, **strange})
        (found,) = parse(PAGE, webhook("page", {"messaging": [echo]}))
        assert found.kind == "ignored"


@BOTH
def test_another_pages_events_are_left_alone(specimen: Specimen) -> None:
    body = webhook(kind_of(specimen), {"id": "999", "messaging": [said("hello")], "standby": [said("x", 2)]})
    assert [one.kind for one in parse(specimen, body)] == ["ignored", "ignored"]


@BOTH
def test_what_cannot_be_read_is_a_message_all_the_same(specimen: Specimen) -> None:
    broken = said("x", 1, attachments=[{"type": "image", "payload": {"url": 7}}])
    found = parse(
        specimen, webhook(kind_of(specimen), {"messaging": [{"nothing": 1}, broken, said("kept", 2)]})
    )
    assert [(one.kind, one.text) for one in found if one.kind != "contact"] == [
        ("ignored", None),
        ("message", None),
        ("message", "kept"),
    ]


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


def test_a_letter_is_a_file_on_messenger_and_a_link_on_instagram() -> None:
    letter = MediaRef("m1", "application/pdf", "letter.pdf", "https://desk.lindenport.example/m/1")
    (file,) = messages(PAGE, PAGE.message("", media=(letter,)))
    assert file["attachment"]["type"] == "file"
    assert messages(INSTAGRAM, INSTAGRAM.message("", media=(letter,))) == [{"text": letter.url}]
    with pytest.raises(Undeliverable):
        messages(PAGE, PAGE.message(media=(MediaRef("m1", "image/jpeg"),)))


# --- calls


async def raised(specimen: Specimen, status: int, error: dict[str, Any]) -> Exception:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"error": error}, status=status)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url)
        (request,) = channel.render(specimen.message())
        try:
            await channel.send(request, KEY)
        except Exception as found:
            return found
    raise AssertionError("taken")


@BOTH
@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (10, 2018278, WindowClosed),
        (10, 2534022, WindowClosed),
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
    error = await raised(
        specimen, 400, {"code": code, "message": "x", **({"error_subcode": subcode} if subcode else {})}
    )
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
        for action in channel.presence(PERSON, "m_0", {}):
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
