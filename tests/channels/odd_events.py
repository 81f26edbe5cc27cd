"""Odd events: one event of a batch, damaged at random or with other fields in it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from channels.base import Inbound
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


def odd(specimen: Specimen, **fields: Any) -> Inbound:
    """The first event of the batch with other fields in it."""
    document = json.loads(specimen.batch[0])
    container, key = events_of(specimen.channel, document)[0]
    container[key].update(fields)
    return next(one for one in parse(specimen, json.dumps(document).encode()) if one.kind == "message")


ODD = st.one_of(
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
def damaged(draw: st.DrawFn, event: Any) -> Any:
    """The event with places dropped, retyped, added or cut; or something else altogether."""
    if draw(st.integers(0, 9)) == 0:
        return draw(ODD)
    event = copy.deepcopy(event)
    for _ in range(draw(st.integers(1, 4))):
        places = list(places_in(event))
        if not places:
            break
        parent, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["drop", "retype", "add", "cut"])):
            case "drop":
                del parent[key]
            case "retype":
                parent[key] = draw(ODD)
            case "add":
                if isinstance(parent, dict):
                    parent[draw(st.text(max_size=6))] = draw(ODD)
            case "cut":
                if isinstance(parent[key], str):
                    parent[key] = parent[key][: draw(st.integers(0, len(parent[key])))]
    return event


def kinds(specimen: Specimen) -> list[Any]:
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


def with_bad_bytes(document: str) -> bytes:
    """The same in another charset: what is not ASCII is no UTF-8 any more."""
    return document.encode().replace(b"\\u00e9", b"\xe9")


def places_in(document: Any) -> Iterator[Place]:
    children = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, child in list(children):
        yield document, key
        yield from places_in(child)


NEEDED = {
    "whatsapp": {"id", "from_user_id", "text", "body", "type", "text.body", "group_id"},
    "messenger": {"sender", "id", "message", "mid", "text"},
    "instagram": {"sender", "id", "message", "mid", "text"},
    "line": {"webhookEventId", "type", "source", "userId", "message", "text", "mode"},
    "telegram": {"chat", "id", "text", "type"},
}


def is_needed(channel: str, place: Place, event: Any) -> bool:
    """Whether the field is the id, the sender or the text itself, or says what kind of event it is."""
    return place[1] in NEEDED[channel]
