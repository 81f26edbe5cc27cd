"""What a message says, in the other shapes that providers have for it: nothing of it is lost, and a choice in somebody's menu is not taken for a message."""

import json
from typing import Any

import pytest

from channels.base import Inbound, Unshown
from tests.support.specimens import instagram, line, messenger, telegram, whatsapp
from tests.support.specimens.base import Specimen

META = pytest.mark.parametrize(
    "specimen", [messenger.SPECIMEN, instagram.SPECIMEN], ids=lambda one: one.channel
)


def read(specimen: Specimen, body: bytes) -> Inbound:
    return next(one for one in specimen.open().parse(specimen.deliver(body)) if one.kind != "contact")


def on_whatsapp(**fields: Any) -> Inbound:
    message = {**whatsapp.said("x"), "text": None, **fields}
    return read(
        whatsapp.SPECIMEN, whatsapp.webhook(whatsapp.value(contacts=[whatsapp.contact()], messages=[message]))
    )


def on_telegram(**fields: Any) -> Inbound:
    return read(telegram.SPECIMEN, telegram.update(1, message={**telegram.said("see this photo"), **fields}))


def on_meta(specimen: Specimen, **fields: Any) -> Inbound:
    document = json.loads(specimen.batch[0])
    event = document["entry"][0]["messaging"][0]
    event.update(fields)
    document["entry"] = [{**document["entry"][0], "messaging": [event]}]
    return read(specimen, json.dumps(document).encode())


def interactive(**reply: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": reply}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (interactive(button_reply={"title": "Yes"}), "Yes"),
        (interactive(nfm_reply={"response_json": '{"flow_token": "t", "street": "Elm", "number": 12}'}), "street: Elm\nnumber: 12"),
        (interactive(nfm_reply={"response_json": '{"values": {"address": "12 Elm"}}'}), "address: 12 Elm"),
        (interactive(nfm_reply={"response_json": "[" * 5_000, "body": "Sent"}), "Sent"),
    ],
)  # fmt: skip
def test_what_a_citizen_chose_or_filled_in_is_their_text(fields: dict[str, Any], text: str) -> None:
    found = on_whatsapp(**fields)
    assert (found.kind, found.text, found.unshown) == ("message", text, ())


def test_the_goods_of_an_order_are_named_beside_its_words() -> None:
    found = on_whatsapp(type="order", order={"text": "please", "product_items": []})
    assert (found.text, found.unshown) == ("please", (Unshown("order"),))


@pytest.mark.parametrize(
    ("text", "offset", "url", "shown"),
    [
        ("see this photo", 4, "https://x.example/p", "see this photo (https://x.example/p)"),
        ("\U0001f573 this photo", 3, "https://x.example/p", "\U0001f573 this photo (https://x.example/p)"),
        ("see x.example/p", 4, "https://x.example/p/", "see x.example/p"),
        ("see this photo", 4, "tg://user?id=1", "see this photo"),
        ("see this photo", 400, "https://x.example/p", "see this photo"),
        ("see this photo", -3, "https://x.example/p", "see this photo"),
    ],
)
def test_a_link_keeps_its_address(text: str, offset: int, url: str, shown: str) -> None:
    length = len(text.encode("utf-16-le")) // 2 - offset
    entity = {"type": "text_link", "offset": offset, "length": max(length, 1), "url": url}
    assert on_telegram(text=text, entities=[entity]).text == shown
    assert on_telegram(text=None, caption=text, caption_entities=[entity]).text == shown


def test_words_in_an_unknown_shape_are_told_to_their_author() -> None:
    found = on_telegram(text=["a"])
    assert (found.kind, found.text, found.unshown) == ("message", None, (Unshown("message"),))


def test_a_shared_number_of_ones_own_is_a_whole_number() -> None:
    card = {"phone_number": "15550134", "user_id": telegram.PERSON}
    assert on_telegram(text=None, contact=card).phone == "+15550134"


def test_an_agent_sees_that_it_answers_something_elsewhere() -> None:
    found = on_telegram(external_reply={"origin": {}}, quote={"text": "closed on Monday"})
    assert found.text == "see this photo" and "closed on Monday" in (found.note or "")


@META
def test_an_answer_to_a_story_says_so(specimen: Specimen) -> None:
    found = on_meta(specimen, message={"mid": "m", "text": "nice", "reply_to": {"story": {"id": "1"}}})
    assert (found.text, found.quotes) == ("nice", None) and found.note


@META
def test_a_shared_link_is_its_address_wherever_it_stands(specimen: Specimen) -> None:
    beside = {"type": "fallback", "title": "Works", "url": "https://x.example", "payload": None}
    inside = {"type": "fallback", "payload": {"title": "Works", "url": "https://x.example"}}
    for attachment in (beside, inside):
        found = on_meta(specimen, message={"mid": "m", "attachments": [attachment]})
        assert (found.text, found.unshown) == ("Works https://x.example", ())


@META
def test_what_the_page_deletes_itself_is_no_line_of_staff(specimen: Specimen) -> None:
    echo = {"mid": "m", "is_echo": True, "is_deleted": True, "app_id": 5}
    page, person = "104857600000001", "24680135791113"
    found = on_meta(specimen, sender={"id": page}, recipient={"id": person}, message=echo)
    assert found.kind == "ignored" and found.reason


def test_another_page_of_the_menu_is_no_message() -> None:
    event = line.event(1, "postback", postback={"data": "x", "params": {"newRichMenuAliasId": "b"}})
    assert read(line.SPECIMEN, line.batch(event)).kind == "ignored"
    tapped = line.event(1, "postback", postback={"data": "x", "params": {"date": "2026-11-03"}})
    assert read(line.SPECIMEN, line.batch(tapped)).kind == "button"
