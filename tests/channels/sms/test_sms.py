"""What arrives by SMS."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    Acknowledges,
    Channel,
    Checks,
    Fetches,
    Inbound,
    Location,
    MalformedPayload,
    Registers,
    Webhook,
)
from channels.sms.twilio_post import parse
from tests.support.twilio_side import CITIZEN, FORM, NUMBER, SID, SMS, URL, fixture, post


def test_it_is_all_a_channel_may_be() -> None:
    assert isinstance(SMS, Acknowledges) and isinstance(SMS, Fetches)
    assert isinstance(SMS, Checks) and isinstance(SMS, Registers)
    channels: list[Channel] = [SMS]
    assert channels[0].name == "sms"
    # Twilio reads the body as TwiML: anything but an empty answer would be sent to the citizen.
    assert SMS.acknowledgement.body == "<Response/>"
    assert SMS.acknowledgement.content_type.startswith("text/xml")


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


@pytest.mark.parametrize("latitude", ["91", "north", "nan", "-90.1", "1e400"])
def test_a_place_that_is_nowhere_on_earth_costs_no_words(latitude: str) -> None:
    (got,) = SMS.parse(post(fixture("location", Latitude=latitude)))
    assert (got.kind, got.location, got.text) == ("message", None, "5 Main St, Lindenport")
    (got,) = SMS.parse(post(fixture("location", Latitude=latitude, Body="here")))
    assert (got.location, got.text) == (None, "here")


@pytest.mark.parametrize("count", ["two", "", "-1", "1e9", "²"])
def test_a_count_of_pictures_that_is_none_costs_no_words(count: str) -> None:
    (got,) = SMS.parse(post(fixture("text", NumMedia=count)))
    assert (got.kind, got.text) == ("message", fixture("text")["Body"])


@pytest.mark.parametrize("word", ["STOP", "Stop.", " unsubscribe ", "CANCEL", "End", "quit"])
def test_what_twilio_confirms_itself_is_a_change_and_no_message(word: str) -> None:
    (got,) = SMS.parse(post(fixture("text", Body=word)))
    assert (got.kind, got.change, got.text) == ("contact", "opted_out", None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Stop. Thank you", None),
        ("STOP STOP STOP!!", None),
        ("Stop, thanks a lot!", None),
        ("Many thanks, stop", None),
        ("Alto. Mil gracias", "es"),
        ("Arrêt. Je vous remercie", "fr"),
        ("Please stop.", None),
        ("stop texting me please", "en"),
        ("Stop all", "en"),
        ("No more messages, thanks", "en"),
        ("Don't text me", "en"),
        ("Baja", "es"),
        ("BAJA, por favor. Gracias", "es"),
        ("No me envíen más mensajes", "es"),
        ("ARRÊT", "fr"),
        ("arret svp", "fr"),
        ("STOP SMS", "en"),
        ("Desuscribir", "es"),
        ("退订", "zh"),
        ("配信停止", "ja"),
        ("Arrêtez de m'envoyer des messages, s'il vous plaît. Merci.", "fr"),
    ],
)
def test_words_that_stop_everything_are_confirmed_by_us_where_nobody_has(
    text: str, language: str | None
) -> None:
    said, change = SMS.parse(post(fixture("text", Body=text)))
    assert (said.kind, said.stops, said.text, said.language) == ("message", True, text, language)
    assert (change.kind, change.change) == ("contact", "opted_out")
    assert said.external_id != change.external_id


@pytest.mark.parametrize(
    "text",
    [
        *("please stop the noise", "stop sign missing", "the bus stop", "yes", "no", "help", "Stop?"),
        *(
            "Cancelar",
            "cancelar por favor",
            "Cancel, please",
            "annuler",
            "fin",
            "pare",
            "señal de alto",
            "the end",
        ),
        *(
            "stop at Oak Street",
            "ya",
            "gracias",
            "please",
            "thanks",
            "",
            "cancel my report",
            "quiero cancelar",
        ),
        *("parada de bus", "arrêt de bus", "l'arrêt est cassé", "no para de ladrar"),
    ],
)
def test_other_words_are_the_citizens(text: str) -> None:
    """In the middle of a report "Cancelar" ends the report: the bot says so."""
    (got,) = SMS.parse(post(fixture("text", Body=text)))
    assert (got.change, got.stops) == (None, False) and got.text == (text or None)


@pytest.mark.parametrize("word", ["CANCEL", "END", "QUIT", "Cancelar"])
def test_outside_north_america_everyday_words_are_no_opt_out(word: str) -> None:
    (got,) = _abroad(word)
    assert (got.kind, got.text, got.stops) == ("message", word, False)


def _abroad(word: str) -> list[Inbound]:
    form = {**fixture("text", Body=word), "To": "+34600000000"}
    return parse(urlencode(form).encode(), FORM, "+34600000000")


def test_outside_north_america_stop_is_confirmed_by_us() -> None:
    said, change = _abroad("STOP")
    assert said.stops and change.change == "opted_out"


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


NEEDED = frozenset(
    {"MessageSid", "SmsSid", "AccountSid", "From", "To", "Body", "OptOutType", "MessageStatus"}
)
BESIDE = sorted({*fixture("text"), "NumMedia", "MediaUrl0", "Latitude", "Longitude", "FromCity"} - NEEDED)


@given(
    st.dictionaries(
        st.sampled_from(BESIDE) | st.text(max_size=12).filter(lambda name: name not in NEEDED), values
    )
)
@settings(max_examples=100, deadline=None)
def test_what_is_known_is_kept_whatever_the_other_fields_hold(others: dict[str, str]) -> None:
    whole = {name: value for name, value in fixture("text").items() if name in NEEDED}
    form = urlencode({**whole, **others}, encoding="utf-8", errors="surrogatepass").encode("ascii")
    found = [one for one in parse(form, FORM, NUMBER) if one.kind == "message"]
    (plain,) = SMS.parse(post(fixture("text")))
    assert [(one.text, one.contact, one.external_id) for one in found] == [
        (plain.text, plain.contact, plain.external_id)
    ]


@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "utf-16-le"])
def test_bytes_in_another_charset_cost_nothing_but_their_characters(charset: str) -> None:
    written = "caf\u00e9".encode(charset)
    form = urlencode({**fixture("text"), "Body": written}).encode("ascii")
    (found,) = parse(form, FORM, NUMBER)
    assert found.kind == "message" and (found.text or "").replace("\x00", "").startswith("caf")
