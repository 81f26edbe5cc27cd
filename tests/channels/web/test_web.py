"""The web channel: pure parsing of hostile bodies, and sending that only wakes."""

import json
from typing import Any
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Inbound, MalformedPayload, NotAuthentic, Outbound, Webhook
from channels.kit.text import clean_text
from channels.registry import CHANNELS, ChannelSetup, build
from channels.web.channel import BODY_BYTES, CONTACT_HEADER, TEXT_LENGTH, MessageRefused, WebChannel

CONTACT = str(uuid4())


async def nobody(_: str) -> None:
    raise AssertionError("nobody is to be woken")


CHANNEL = WebChannel(nobody)


def webhook(body: Any) -> Webhook:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Webhook(headers={CONTACT_HEADER: CONTACT}, body=raw)


def parse(**body: Any) -> Inbound:
    (inbound,) = CHANNEL.parse(webhook({"client_id": str(uuid4()), **body}))
    return inbound


def test_nothing_is_authentic_without_a_resolved_session() -> None:
    CHANNEL.verify(webhook({}))
    for headers in ({}, {CONTACT_HEADER: ""}):
        with pytest.raises(NotAuthentic):
            CHANNEL.verify(Webhook(headers=headers, body=b"{}"))


def test_the_external_id_holds_the_contact() -> None:
    client_id = str(uuid4())
    (inbound,) = CHANNEL.parse(webhook({"client_id": client_id, "text": " hello "}))
    assert inbound == Inbound(
        external_id=f"{CONTACT}:{client_id}", contact=CONTACT, kind="message", text="hello"
    )


def test_a_client_id_in_another_spelling_is_the_same() -> None:
    client_id = str(uuid4())
    (one,) = CHANNEL.parse(webhook({"client_id": client_id, "text": "x"}))
    (two,) = CHANNEL.parse(webhook({"client_id": client_id.upper(), "text": "x"}))
    assert one.external_id == two.external_id


def test_length_counts_characters_after_cleaning() -> None:
    assert len(parse(text="🦆" * TEXT_LENGTH + "\x00 \n").text or "") == TEXT_LENGTH
    with pytest.raises(MessageRefused) as refused:
        parse(text="x" * (TEXT_LENGTH + 1))
    assert refused.value.code == "too_long" and "2,000" in str(refused.value)
    with pytest.raises(MessageRefused):
        CHANNEL.parse(webhook(b" " * (BODY_BYTES + 1)))


def test_photos_are_named_once() -> None:
    media = str(uuid4())
    assert [one.id for one in parse(media=[media, media.upper(), media]).media] == [media]
    assert parse(media=[media], text="  ").text is None


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u202e\u202c", "\u2060", "\ufeff", "\x07"])
def test_invisible_text_is_empty(text: str) -> None:
    assert clean_text(text) == ""


@pytest.mark.parametrize("text", ["🦆", "👩‍👧", "שלום", "مرحبا", "?", "/restart", "<b>", "\u202eabc"])
def test_visible_text_stays(text: str) -> None:
    assert clean_text(text) == text


@given(st.text())
def test_clean_text_is_printable_and_stable(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned and "\r" not in cleaned
    cleaned.encode()


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(
    lambda value: json.dumps(value).encode()
))  # fmt: skip
def test_no_body_raises_anything_else(raw: bytes) -> None:
    try:
        CHANNEL.parse(webhook(raw))
    except MalformedPayload as error:
        assert str(error).endswith(".")


async def test_sending_wakes_the_contacts_windows() -> None:
    woken: list[str] = []

    async def publish(contact: str) -> None:
        woken.append(contact)

    channel = build("web", ChannelSetup(publish))
    requests = channel.render(Outbound("m", CONTACT, "text", "en"))
    assert len(requests) == 1 and "text" not in json.dumps(dict(requests[0].payload))
    assert (await channel.send(requests[0], "key")).external_id is None
    assert woken == [CONTACT]


def test_an_unknown_channel_is_a_sentence() -> None:
    with pytest.raises(LookupError, match=r"There is no channel 'pigeon'\. The channels are: .*web.*\."):
        build("pigeon", ChannelSetup(nobody))


def test_every_registered_name_is_its_channels_own() -> None:
    assert CHANNELS
    for name, factory in CHANNELS.items():
        # A line is the class itself; the web chat's builds one from the wake-up alone.
        channel: Any = factory if isinstance(factory, type) else factory(ChannelSetup(nobody))
        assert channel.name == name
