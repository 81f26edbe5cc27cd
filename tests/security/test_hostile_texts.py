"""All code that reads a citizen's text takes time linear in its length."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from actions.lookup.asked_days import asked
from actions.lookup.lookups import wants
from actions.lookup.streets import unknown_street
from actions.report.answers.contact import read_contact, refuses, tries_contact, wish_named
from actions.report.answers.place import read_free_place
from actions.report.draft import Draft
from actions.status.reference import find_reference, looks_tried
from actions.talk.languages import language_named
from actions.turn import DialogueTurn
from actions.words import fold, has_words, is_correction, is_no, is_place, is_yes, part_named, told_words
from channels.base import MalformedPayload, Webhook
from channels.kit.gsm7 import plain, segments
from channels.kit.text import clean_name, clean_text, fit, fit_titles, measure, numbered, split
from channels.line.events import read as read_line
from channels.mail.reading.armour import without_armour
from channels.mail.reading.quoting.lines import plain_lines
from channels.meta.webhook import Ours
from channels.meta.webhook import read as read_meta
from channels.sms.twilio_post import parse as read_twilio
from channels.sms.twilio_signature import FORM
from channels.telegram.updates import read as read_telegram
from channels.web.channel import CONTACT_HEADER, WebChannel
from channels.whatsapp.webhook import read as read_whatsapp
from city.calendar import Calendar
from desk.conversations.holds import address_in
from desk.conversations.redaction import without_deleted
from desk.people.linking import _code_in, _plain
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue.search import _piece, words_of
from desk.turns.choice import choose
from desk.turns.leaving import holding, leaving
from tests.support.cost import cost, one_pass, over_limit, undisturbed
from tests.support.hostile_texts import hostile_texts, plain_text

LENGTH = 5_000
MOST = 250.0  # passes over the text. A loop in Python takes 3, one over what a ligature is short for (18 letters) 60
PATTERN = "SR-[0-9A-Z]{4}-[0-9A-Z]{4}"
OFFICE = Calendar(((),) * 7, "US")
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLES = ["Pothole", "Street light", "Graffiti"]


def turn(text: str) -> DialogueTurn:
    return DialogueTurn(text=text, intent="nlu_fallback", language="en")


async def nobody(contact: str) -> None: ...


def web(text: str) -> None:
    body = json.dumps({"client_id": str(uuid4()), "text": text}).encode()
    with contextlib.suppress(
        MalformedPayload
    ):  # too long, or empty: what it costs to find that out counts too
        WebChannel(nobody).parse(Webhook({CONTACT_HEADER: "one"}, body))


def telegram(text: str) -> object:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": 7, "first_name": text}, "text": text}
    return read_telegram(json.dumps({"update_id": 1, "message": message}).encode())


def line(text: str) -> object:
    event = {
        "webhookEventId": "one",
        "type": "message",
        "mode": "active",
        "timestamp": 1,
        "replyToken": "token",
    }
    source = {"type": "user", "userId": "U" + "0" * 32}
    message = {"id": "1", "type": "text", "text": text}
    return read_line(json.dumps({"events": [{**event, "source": source, "message": message}]}).encode())


def whatsapp(text: str) -> object:
    message = {"from": "15550100", "id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": text}}
    contact = {"wa_id": "15550100", "profile": {"name": text}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "1"},
        "contacts": [contact],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return read_whatsapp(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode(), "1")


def messenger(text: str) -> object:
    event = {
        "sender": {"id": "7"},
        "recipient": {"id": "1"},
        "timestamp": 1,
        "message": {"mid": "m", "text": text},
    }
    return read_meta(
        json.dumps({"object": "page", "entry": [{"id": "1", "messaging": [event]}]}).encode(),
        Ours("page", "1", "9"),
    )


def twilio(text: str) -> object:
    fields = {
        "AccountSid": "AC1",
        "MessageSid": "SM" + "0" * 32,
        "From": "+15550100",
        "To": "+15550101",
        "Body": text,
    }
    return read_twilio(urlencode(fields, errors="surrogatepass").encode(), FORM, "+15550101")


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "fold": fold,
    "has_words": has_words,
    "is_correction": lambda text: is_correction(text, "en"),
    "is_place": lambda text: is_place(text, "en"),
    "is_yes": is_yes,
    "is_no": is_no,
    "part_named": part_named,
    "told_words": told_words,
    "read_contact": lambda text: read_contact(turn(text)),
    "wish_named": wish_named,
    "tries_contact": tries_contact,
    "refuses": refuses,
    "read_free_place": lambda text: read_free_place(turn(text), Draft()),
    "read_free_place with a street": lambda text: read_free_place(turn(text), Draft(street="Mill Lane")),
    "find_reference": lambda text: find_reference(text, PATTERN, asked=True),
    "looks_tried": looks_tried,
    "language_named": language_named,
    "the days that are asked about": lambda text: asked(turn(text), OFFICE, SUNDAY),
    "an unknown street": lambda text: unknown_street(text, asked=True),
    "the words of a lookup": lambda text: wants(("which zone", "my zone"), text),
    "the wish to leave the queue": leaving,
    "the wish to be written to": holding,
    "an address to write to": address_in,
    "web": web,
    "telegram": telegram,
    "line": line,
    "whatsapp": whatsapp,
    "messenger": messenger,
    "twilio": twilio,
    "clean_text": clean_text,
    "clean_name": clean_name,
    "plain": plain,
    "segments": segments,
    "numbered": lambda text: numbered(text, TITLES),
    "fit": lambda text: fit(text, 20),
    "fit_titles": lambda text: fit_titles([text, text + "!"], 24),
    "split by characters": lambda text: split(text, 1_000),
    "split by UTF-16": lambda text: split(text, 4_096, "utf16"),
    "split by bytes": lambda text: split(text, 2_000, "bytes"),
    "split for SMS": lambda text: split(text, 1_500, "sms"),
    "measure for SMS": lambda text: measure(text, "sms"),
    "choose": lambda text: choose(text, TITLES),
    "choose among long titles": lambda text: choose(text[:120], [text[:60], text[60:120]]),
    "the code of a link": _code_in,
    "the wish to link": _plain,
    "scrub_text": sanitize_text,
    "what is searched for": words_of,
    "a summary that quotes it": lambda text: without_deleted(text, [text, text[: len(text) // 2]]),
    "what is written into a mail": lambda text: without_armour(plain_lines(text)),
    "what was found": lambda text: _piece(text, ["pothole", "lane"]),
}


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    return list(hostile_texts(LENGTH))


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_time_grows_with_the_length(name: str, texts: list[tuple[str, str]]) -> None:
    function = FUNCTIONS[name]
    unit = one_pass(plain_text(LENGTH))
    with undisturbed():
        costs = {title: cost(lambda: function(text), MOST * unit) for title, text in texts}  # noqa: B023  (called at once)
    assert not over_limit(costs, unit, MOST)
