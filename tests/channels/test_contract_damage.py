"""Damaged and strange JSON: malformed and nothing else, on every channel whose provider sends JSON."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import MalformedPayload
from tests.channels.contract import each, sound
from tests.support.specimens import SPECIMENS
from tests.support.specimens.base import Specimen

# How long drawing takes says something about the machine alone.
SAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# The others' own tests damage what their providers send.
@pytest.mark.parametrize("specimen", [one for one in SPECIMENS if one.fuzz], ids=lambda one: one.channel)
@given(data=st.data())
@SAMPLES
def test_damaged_json_is_malformed_and_nothing_else(specimen: Specimen, data: st.DataObject) -> None:
    body = data.draw(st.one_of(st.binary(max_size=80), _JSON.map(_bytes), _damaged(specimen)))
    try:
        found = specimen.open().parse(specimen.deliver(body))
    except MalformedPayload:
        return
    sound(found)


@each
def test_deep_and_strange_json_is_malformed_and_nothing_else(specimen: Specimen) -> None:
    channel = specimen.open()
    for body in (
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b"NaN",
        b'"\\ud800"',
        b"1e999",
    ):
        with pytest.raises(MalformedPayload):
            channel.parse(specimen.deliver(body))


# --- what is drawn


def _bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([2**63, -(2**70), 0, -1, 1e308, "", "0", "\x00", "a" * 3_000, "\ud800"]),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _damaged(draw: st.DrawFn, specimen: Specimen) -> bytes:
    """A fixture in which a few places hold something else, or nothing."""
    document = copy.deepcopy(draw(st.sampled_from(_documents(specimen))))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(document))
        if not places:
            break
        parent, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            parent[key] = draw(_JSON)
        else:
            del parent[key]
    return _bytes(document)


def _documents(specimen: Specimen) -> list[Any]:
    return [json.loads(body) for body in (*specimen.fixtures().values(), specimen.batch[0])]


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    children = document.items() if isinstance(document, dict) else enumerate(document)
    for key, child in list(children):
        yield document, key
        if isinstance(child, dict | list):
            yield from _places(child)
