"""A message that its author changed: shown as edited, and never taken as an answer, on each channel that reports it."""

import copy
import json
from typing import Any

import pytest

from channels.base import Inbound
from tests.support.specimens import instagram, messenger, telegram, whatsapp
from tests.support.specimens.base import Specimen

TELL = [one.SPECIMEN for one in (whatsapp, messenger, instagram, telegram)]
SAYS = {
    "whatsapp": "Oak Street, not Elm Street",
    "messenger": "Oak Street",
    "instagram": "Oak Street",
    "telegram": "Bonjour, quand passe la collecte ?",
}
each = pytest.mark.parametrize("specimen", TELL, ids=lambda one: one.channel)


def edit(specimen: Specimen, document: Any = None) -> list[Inbound]:
    body = json.dumps(document).encode() if document else specimen.fixtures()["edited"]
    return [one for one in specimen.open().parse(specimen.deliver(body)) if one.kind != "contact"]


@each
def test_the_new_words_arrive_and_are_marked(specimen: Specimen) -> None:
    (found,) = edit(specimen)
    assert (found.kind, found.edits, found.text) == ("message", True, SAYS[specimen.channel])
    assert found.contact and found.button is None and found.location is None and not found.media


@each
def test_a_message_as_it_was_sent_is_no_edit(specimen: Specimen) -> None:
    found = specimen.open().parse(specimen.deliver(specimen.fixtures()["text"]))
    assert found[-1].kind == "message" and not found[-1].edits


@each
def test_an_edit_has_another_id_than_its_message_and_than_the_next_edit(specimen: Specimen) -> None:
    first = json.loads(specimen.fixtures()["edited"])
    second = copy.deepcopy(first)
    match specimen.channel:
        case "telegram":
            second["update_id"] += 1
        case "whatsapp":
            second["entry"][0]["changes"][0]["value"]["messages"][0]["id"] += "2"
        case _:
            second["entry"][0]["messaging"][0]["message_edit"]["num_edit"] = 2
    ids = {edit(specimen, one)[0].external_id for one in (first, first, second)}
    assert len(ids) == 2 and "m_1" not in ids and "wamid.HBgLMTY1" not in ids


def test_a_changed_caption_is_an_edit_and_brings_no_photo_again() -> None:
    document = json.loads(whatsapp.SPECIMEN.fixtures()["edited"])
    message = document["entry"][0]["changes"][0]["value"]["messages"][0]["edit"]["message"]
    message.clear()
    message.update(type="image", image={"id": "1", "mime_type": "image/jpeg", "caption": "the deep one"})
    (found,) = edit(whatsapp.SPECIMEN, document)
    assert (found.text, found.media, found.edits) == ("the deep one", (), True)


def test_a_live_position_that_moves_is_no_edit_of_words() -> None:
    """Telegram sends it every few seconds: an answer to each would bury the conversation."""
    (found,) = telegram.SPECIMEN.open().parse(
        telegram.SPECIMEN.deliver(telegram.SPECIMEN.fixtures()["live_position"])
    )
    assert found.kind == "ignored"


@pytest.mark.parametrize("number", [3, "3"])
def test_meta_counts_edits_in_numbers_or_in_words(number: object) -> None:
    document = json.loads(messenger.SPECIMEN.fixtures()["edited"])
    document["entry"][0]["messaging"][0]["message_edit"]["num_edit"] = number
    assert edit(messenger.SPECIMEN, document)[0].external_id == "m_1:edit:3"


def test_what_the_page_itself_changed_is_nobodys_message() -> None:
    document = json.loads(messenger.SPECIMEN.fixtures()["edited"])
    event = document["entry"][0]["messaging"][0]
    event["sender"], event["recipient"] = event["recipient"], event["sender"]
    assert [one.kind for one in edit(messenger.SPECIMEN, document)] == ["ignored"]
