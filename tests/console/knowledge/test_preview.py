"""A draft as three channels would show it, made by the channels' own code."""

from datetime import date

from console.knowledge.preview import previews
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.published import answer_of, body_of

TODAY = date(2026, 11, 30)


def test_a_draft_is_shown_as_each_channel_would_and_the_catalogue_stays(catalog: Catalog) -> None:
    body = body_of(catalog.answers["birth_certificate"])
    body["texts"]["en"]["text"] = "It costs {certificate_fee} now. 🙂"
    english, spanish = previews(answer_of("birth_certificate", body), catalog, ("en", "es", "de"), TODAY)
    assert (english.language, spanish.language) == ("en", "es")
    (widget,) = english.channels["Widget"]
    assert widget.text == "It costs $18 now. 🙂" and "Passport" in widget.choices
    (whatsapp,) = english.channels["WhatsApp"]
    assert len(whatsapp.choices) == 3 and all(len(title) <= 20 for title in whatsapp.choices)
    (sms,) = english.channels["SMS"]
    assert "1. " in sms.text and sms.text.endswith("Passport") and sms.note.startswith("Sent and billed as ")
    assert "18 dólares" in spanish.channels["SMS"][0].text
    assert "🙂" not in catalog.answers["birth_certificate"].texts["en"].text
