"""One invalid event does not affect the others, on any channel that posts JSON: the other events of the batch
arrive complete, and the readable parts of the invalid one are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import MalformedPayload
from tests.channels.contract import sound
from tests.channels.odd_events import (
    ODD,
    SAMPLES,
    damaged,
    each,
    each_batch,
    events_of,
    is_needed,
    kinds,
    odd,
    parse,
    places_in,
    texts,
    with_bad_bytes,
)
from tests.support.specimens import line, telegram, whatsapp
from tests.support.specimens.base import Specimen

# --- every mutation of one event


@each_batch
@given(data=st.data())
@SAMPLES
def test_nothing_but_the_damaged_event_may_be_lost(specimen: Specimen, data: st.DataObject) -> None:
    body, expected = specimen.batch
    document = json.loads(body)
    places = events_of(specimen.channel, document)
    which = data.draw(st.integers(0, len(places) - 1), label="event")
    container, key = places[which]
    container[key] = data.draw(damaged(container[key]), label="damaged")
    odd = data.draw(st.sampled_from([str, with_bad_bytes]), label="bytes")
    found = parse(
        specimen, odd(json.dumps(document)) if odd is with_bad_bytes else json.dumps(document).encode()
    )
    sound(found)
    others = [text for number, text in enumerate(expected) if number != which]
    arrived = iter(texts(found))
    assert all(any(text == one for one in arrived) for text in others), "another event was lost, or the order"


@each_batch
@given(data=st.data())
@SAMPLES
def test_a_damaged_event_of_any_kind_does_not_affect_the_others(
    specimen: Specimen, data: st.DataObject
) -> None:
    """Every kind of event that we have a fixture of, mutated, in the middle of a batch."""
    body, expected = specimen.batch
    document = json.loads(body)
    container, key = events_of(specimen.channel, document)[1]
    strange = data.draw(st.sampled_from(kinds(specimen)), label="kind")
    container.insert(key, data.draw(damaged(strange), label="damaged"))
    found = parse(specimen, json.dumps(document).encode())
    sound(found)
    arrived = iter(texts(found))
    assert all(any(text == one for one in arrived) for text in expected)


@each
@given(data=st.data())
@SAMPLES
def test_what_is_known_of_the_odd_event_is_kept(specimen: Specimen, data: st.DataObject) -> None:
    """Id, sender and text stay whatever any other field of the event holds."""
    channel = specimen.channel
    document = json.loads(specimen.batch[0])
    container, key = events_of(channel, document)[0]
    event = container[key]
    whole = next(one for one in parse(specimen, json.dumps(document).encode()) if one.kind == "message")
    beside = [place for place in places_in(event) if not is_needed(channel, place, event)]
    parent, name = data.draw(st.sampled_from(beside), label="field")
    if data.draw(st.booleans(), label="drop"):
        del parent[name]
    else:
        parent[name] = data.draw(ODD, label="odd")
    container[key]["something_new"] = data.draw(ODD, label="added")
    found = [one for one in parse(specimen, json.dumps(document).encode()) if one.kind == "message"]
    assert found and (found[0].text, found[0].contact) == (whole.text, whole.contact)
    assert found[0].external_id == whole.external_id


# --- the kinds that were met


@each
@pytest.mark.parametrize(
    "when",
    [1795363200, "1795363200", 1795363200000, "1795363200000", 1795363200.0, None, "", "soon", -5, [1], 1e40],
)
def test_a_time_is_a_number_or_a_string_or_none(specimen: Specimen, when: object) -> None:
    name = "date" if specimen.channel == "telegram" else "timestamp"
    found = odd(specimen, **{name: when})
    assert found.text == specimen.batch[1][0]
    good = (isinstance(when, int | float) and 0 < when < 1e15) or (isinstance(when, str) and when.isdigit())
    assert (found.sent_at is not None and found.sent_at.year == 2026) == good


@pytest.mark.parametrize(
    "name", [None, "", 7, {"a": 1}, "Ana \ud83d", "\u202eanA", "A" * 5_000, "\x00", ["Ana"]]
)
def test_a_name_may_be_anything(name: object) -> None:
    document = json.loads(whatsapp.SPECIMEN.batch[0])
    document["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"]["name"] = name
    found = parse(whatsapp.SPECIMEN, json.dumps(document).encode())
    assert texts(found) == list(whatsapp.SPECIMEN.batch[1])
    assert found[0].name is None or set(found[0].name) <= set("Ana7 ")
    message = odd(telegram.SPECIMEN, **{"from": {"id": telegram.PERSON, "first_name": name}})
    assert message.text == telegram.SPECIMEN.batch[1][0]


@pytest.mark.parametrize("latitude", [91, -90.5, "north", None, 1e400, [40], True])
def test_a_place_that_is_nowhere_on_earth_keeps_its_name(latitude: object) -> None:
    pin = {"latitude": latitude, "longitude": -74.0}
    wa = whatsapp.webhook(
        whatsapp.value(
            contacts=[whatsapp.contact()],
            messages=[
                {
                    **whatsapp.said("x"),
                    "type": "location",
                    "text": None,
                    "location": {**pin, "name": "Oak Hall"},
                }
            ],
        )
    )
    li = line.batch(line.event(1, message={"type": "location", "id": "1", "title": "Oak Hall", **pin}))
    venue = {"venue": {"location": pin, "title": "Oak Hall", "address": ""}}
    for specimen, body in ((whatsapp.SPECIMEN, wa), (line.SPECIMEN, li)):
        (found,) = parse(specimen, body)
        assert (found.kind, found.location, found.text) == ("message", None, "Oak Hall"), specimen.channel
    found = odd(telegram.SPECIMEN, text=None, **venue)
    assert (found.location, found.text) == (None, "Oak Hall")


@each
def test_one_byte_that_is_not_utf8_costs_one_character(specimen: Specimen) -> None:
    body, expected = specimen.batch
    first = str(expected[0]).encode()
    broken = body.replace(first, first[:-1] + b"\xe9", 1)
    found = texts(parse(specimen, broken))
    assert found[0] == str(expected[0])[:-1] + "\ufffd" and found[1:] == list(expected)[1:]


@each_batch
@pytest.mark.parametrize("event", [None, 7, "x", [], {}, {"type": "brandNew"}, [[[]]]])
def test_an_event_that_is_none_is_ignored_alone(specimen: Specimen, event: object) -> None:
    document = json.loads(specimen.batch[0])
    container, key = events_of(specimen.channel, document)[1]
    container[key] = event
    found = parse(specimen, json.dumps(document).encode())
    assert [one for one in texts(found) if one] == [
        text for number, text in enumerate(specimen.batch[1]) if number != 1
    ]
    sound(found)


@each_batch
def test_half_a_body_is_malformed_so_that_the_provider_sends_it_again(specimen: Specimen) -> None:
    body = specimen.batch[0]
    for end in (1, len(body) // 2, len(body) - 1):
        with pytest.raises(MalformedPayload):
            parse(specimen, body[:end])
