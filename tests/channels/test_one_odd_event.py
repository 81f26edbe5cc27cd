"""One odd event costs none of its neighbours, on any channel that posts JSON: whatever a provider makes of one event of a
batch, the others arrive whole, and what is known of the odd one is kept."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Inbound, MalformedPayload, Unshown
from tests.channels.contract import sound
from tests.support.specimens import instagram, line, messenger, telegram, whatsapp
from tests.support.specimens.base import Specimen

# How long drawing takes says something about the machine alone.
SAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BATCHES = {one.SPECIMEN.channel: one.SPECIMEN for one in (whatsapp, messenger, instagram, line)}
JSON = {**BATCHES, "telegram": telegram.SPECIMEN}
each_batch = pytest.mark.parametrize("specimen", BATCHES.values(), ids=BATCHES)
each = pytest.mark.parametrize("specimen", JSON.values(), ids=JSON)

Place = tuple[Any, Any]
"""A container and the key or index in it."""


def events_of(channel: str, document: Any) -> list[Place]:
    """Where the events of a batch are."""
    found: list[Place] = []
    if channel == "line":
        return [(document["events"], number) for number in range(len(document["events"]))]
    if channel == "telegram":
        return [(document, "message")]
    for entry in document["entry"]:
        if channel == "whatsapp":
            lists = [change["value"]["messages"] for change in entry["changes"]]
        else:
            lists = [entry["messaging"]]
        found += [(events, number) for events in lists for number in range(len(events))]
    return found


def parse(specimen: Specimen, body: bytes) -> list[Inbound]:
    return specimen.open().parse(specimen.deliver(body))


def texts(found: list[Inbound]) -> list[str | None]:
    return [one.text for one in found if one.kind == "message"]


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
    container[key] = data.draw(_damaged(container[key]), label="damaged")
    odd = data.draw(st.sampled_from([str, _with_bad_bytes]), label="bytes")
    found = parse(
        specimen, odd(json.dumps(document)) if odd is _with_bad_bytes else json.dumps(document).encode()
    )
    sound(found)
    others = [text for number, text in enumerate(expected) if number != which]
    arrived = iter(texts(found))
    assert all(any(text == one for one in arrived) for text in others), "another event was lost, or the order"


@each_batch
@given(data=st.data())
@SAMPLES
def test_a_damaged_event_of_any_kind_costs_its_neighbours_nothing(
    specimen: Specimen, data: st.DataObject
) -> None:
    """Every kind of event that we have a fixture of, mutated, in the middle of a batch."""
    body, expected = specimen.batch
    document = json.loads(body)
    container, key = events_of(specimen.channel, document)[1]
    strange = data.draw(st.sampled_from(_kinds(specimen)), label="kind")
    container.insert(key, data.draw(_damaged(strange), label="damaged"))
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
    beside = [place for place in _places(event) if not _is_needed(channel, place, event)]
    parent, name = data.draw(st.sampled_from(beside), label="field")
    if data.draw(st.booleans(), label="drop"):
        del parent[name]
    else:
        parent[name] = data.draw(_ODD, label="odd")
    container[key]["something_new"] = data.draw(_ODD, label="added")
    found = [one for one in parse(specimen, json.dumps(document).encode()) if one.kind == "message"]
    assert found and (found[0].text, found[0].contact) == (whole.text, whole.contact)
    assert found[0].external_id == whole.external_id


# --- the kinds that were met


def odd(specimen: Specimen, **fields: Any) -> Inbound:
    """The first event of the batch with other fields in it."""
    document = json.loads(specimen.batch[0])
    container, key = events_of(specimen.channel, document)[0]
    container[key].update(fields)
    return next(one for one in parse(specimen, json.dumps(document).encode()) if one.kind == "message")


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


# --- what a channel brings and we cannot show: named, on each channel


UNSHOWN = [
    (
        "whatsapp",
        "sticker",
        {"type": "sticker", "text": None, "sticker": {"id": "1", "mime_type": "image/webp"}},
    ),
    ("whatsapp", "order", {"type": "order", "text": None, "order": {"product_items": []}}),
    ("whatsapp", "calendar", {"type": "event", "text": None, "event": {"name": "Meeting"}}),
    ("whatsapp", "poll", {"type": "poll", "text": None, "poll": {"name": "?"}}),
    ("whatsapp", "photo", {"type": "image", "text": None, "image": {"mime_type": "image/jpeg"}}),
    ("whatsapp", "message", {"type": "brand_new", "text": None, "brand_new": {}}),
    ("telegram", "message", {"text": None, "rich_message": {"blocks": []}}),
    ("telegram", "message", {"text": None, "of_next_year": {"a": 1}}),
    ("telegram", "gift", {"text": None, "gift": {"gift": {}}}),
    ("telegram", "gift", {"text": None, "unique_gift": {"gift": {}}}),
    ("telegram", "poll", {"text": None, "poll": {"id": "1"}}),
    ("telegram", "story", {"text": None, "story": {"id": 1}}),
    ("telegram", "payment", {"text": None, "successful_payment": {"currency": "XTR"}}),
    ("line", "sticker", {"message": {"type": "sticker", "id": "1", "keywords": ["Cat", "Sleep"]}}),
    ("line", "message", {"message": {"type": "brandNew", "id": "1"}}),
    *[
        (channel, kind, {"message": {"mid": "m_1", "attachments": [attachment]}})
        for channel in ("messenger", "instagram")
        for kind, attachment in (
            ("post", {"type": "ig_reel", "payload": {"url": "https://x.example"}}),
            ("post", {"type": "share", "payload": {"url": "https://x.example"}}),
            ("story", {"type": "ig_story", "payload": {}}),
            ("sticker", {"type": "image", "payload": {"url": "https://x.example", "sticker_id": 5}}),
            ("photo", {"type": "image"}),
            ("message", {"type": "brand_new"}),
        )
    ],
]


@pytest.mark.parametrize(("channel", "kind", "fields"), UNSHOWN, ids=lambda one: str(one)[:40])
def test_what_cannot_be_shown_has_a_name(channel: str, kind: str, fields: dict[str, Any]) -> None:
    found = odd(JSON[channel], **fields)
    assert (found.text, found.media, found.unshown) == (None, (), (Unshown(kind),))  # type: ignore[arg-type]
    assert found.reason and found.contact


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_a_post_beside_words_is_named_and_the_words_are_kept(channel: str) -> None:
    message = {
        "mid": "m_1",
        "text": "Is this true?",
        "attachments": [{"type": "share", "payload": {"url": "x"}}],
    }
    found = odd(JSON[channel], message=message)
    assert (found.text, found.unshown) == ("Is this true?", (Unshown("post"),))


# --- stickers and hearts


@pytest.mark.parametrize(
    ("channel", "fields", "meant"),
    [
        ("instagram", {"message": {"mid": "m", "attachments": [{"type": "like_heart"}]}}, "❤️"),
        ("messenger", {"message": {"mid": "m", "attachments": [{"type": "like_heart"}]}}, "❤️"),
        ("telegram", {"text": None, "sticker": {"file_id": "1", "emoji": "🙏"}}, "🙏"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["Thank you", "bow"]}}, "🙏"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["love", "Smile"]}}, "❤️"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["OK"]}}, "👍"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["Good morning"]}}, "👋"),
        (
            "line",
            {"message": {"type": "sticker", "id": "1", "text": "Bring it on", "keywords": ["x"]}},
            "Bring it on",
        ),
    ],
)
def test_signs_are_seen_as_what_they_mean(channel: str, fields: dict[str, Any], meant: str) -> None:
    found = odd(JSON[channel], **fields)
    assert (found.text, found.unshown) == (meant, ())


# --- what is drawn


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(
        [0, -1, 2**63, 2**80, 1e308, "", "0", "\ud83d", "\x00", "é" * 300, [], {}, [[]], {"id": None}]
    ),
    st.text(max_size=10),
    st.lists(st.integers(), max_size=2),
).map(
    copy.deepcopy
)  # a later step may mutate what an earlier one put in, and the samples are the same objects


@st.composite
def _damaged(draw: st.DrawFn, event: Any) -> Any:
    """The event with places dropped, retyped, added or cut; or something else altogether."""
    if draw(st.integers(0, 9)) == 0:
        return draw(_ODD)
    event = copy.deepcopy(event)
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(event))
        if not places:
            break
        parent, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["drop", "retype", "add", "cut"])):
            case "drop":
                del parent[key]
            case "retype":
                parent[key] = draw(_ODD)
            case "add":
                if isinstance(parent, dict):
                    parent[draw(st.text(max_size=6))] = draw(_ODD)
            case "cut":
                if isinstance(parent[key], str):
                    parent[key] = parent[key][: draw(st.integers(0, len(parent[key])))]
    return event


def _kinds(specimen: Specimen) -> list[Any]:
    """The events of all fixtures of a channel."""
    found: list[Any] = []
    for body in specimen.fixtures().values():
        document = json.loads(body)
        if specimen.channel == "line":
            found += document["events"]
            continue
        for entry in document["entry"]:
            found += [*entry.get("messaging", ()), *entry.get("standby", ())]
            for change in entry.get("changes", ()):
                value = change["value"]
                found += (
                    [*value.get("messages", ()), *value.get("statuses", ())]
                    if isinstance(value, dict)
                    else []
                )
    return found


def _with_bad_bytes(document: str) -> bytes:
    """The same in another charset: what is not ASCII is no UTF-8 any more."""
    return document.encode().replace(b"\\u00e9", b"\xe9")


def _places(document: Any) -> Iterator[Place]:
    children = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, child in list(children):
        yield document, key
        yield from _places(child)


NEEDED = {
    "whatsapp": {"id", "from_user_id", "text", "body", "type", "text.body", "group_id"},
    "messenger": {"sender", "id", "message", "mid", "text"},
    "instagram": {"sender", "id", "message", "mid", "text"},
    "line": {"webhookEventId", "type", "source", "userId", "message", "text", "mode"},
    "telegram": {"chat", "id", "text", "type"},
}


def _is_needed(channel: str, place: Place, event: Any) -> bool:
    """Whether the field is the id, the sender or the text itself, or says what kind of event it is."""
    return place[1] in NEEDED[channel]
