"""What every channel owes the desk, asked of each in the same words. A new channel adds a line in specimens/."""

import asyncio
import copy
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels import calls
from channels.base import (
    Button,
    Fetches,
    Inbound,
    InboxBroken,
    MalformedPayload,
    MediaRef,
    NotAuthentic,
    Outbound,
    Request,
    RetryLater,
    Sent,
    ShowsPresence,
    Undeliverable,
    WindowClosed,
)
from channels.registry import declared
from tests.channels.specimens import SPECIMENS
from tests.channels.specimens.base import Case, Specimen

pytestmark = pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.channel)

SAMPLES = settings(max_examples=60, deadline=None)
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"


def test_its_name_is_its_name(specimen: Specimen) -> None:
    assert specimen.open().name == specimen.channel
    assert {one.name for one in declared(specimen.channel)} == set(specimen.settings)


def test_an_unset_secret_does_not_start(specimen: Specimen) -> None:
    needed = [one.name for one in declared(specimen.channel) if one.secret and one.required]
    assert needed
    for name in needed:
        with pytest.raises(ValueError):
            specimen.open(**{name: ""})


def test_what_is_not_signed_is_refused(specimen: Specimen) -> None:
    channel = specimen.open()
    for body in specimen.fixtures().values():
        channel.verify(specimen.deliver(body))
        forgeries = specimen.forgeries(body)
        assert forgeries
        for what, forged in forgeries.items():
            with pytest.raises(NotAuthentic):
                channel.verify(forged)
                pytest.fail(f"accepted: {what}")


def test_the_same_payload_gives_the_same_external_ids(specimen: Specimen) -> None:
    for name, body in specimen.fixtures().items():
        first = specimen.open().parse(specimen.deliver(body))
        again = specimen.open().parse(specimen.deliver(body))
        assert first == again, name
        assert len({one.external_id for one in first}) == len(first), name
        _sound(first)


def test_fixtures_are_understood(specimen: Specimen) -> None:
    """A fixture is what the provider documents; what it holds is a message, a receipt, a change or nothing, never lost."""
    kinds = {
        one.kind
        for name, body in specimen.fixtures().items()
        for one in specimen.open().parse(specimen.deliver(body))
    }
    assert "message" in kinds


def test_unknown_events_are_taken_and_ignored(specimen: Specimen) -> None:
    for body in specimen.unknown:
        found = specimen.open().parse(specimen.deliver(body))
        assert all(one.kind == "ignored" and one.reason for one in found), body
        _sound(found)


def test_a_batch_loses_none(specimen: Specimen) -> None:
    body, texts = specimen.batch
    assert len(texts) >= 3 or not (specimen.fuzz and specimen.batches)
    found = specimen.open().parse(specimen.deliver(body))
    assert [one.text for one in found if one.kind == "message"] == list(texts)
    assert len({one.external_id for one in found}) == len(found)


@given(data=st.data())
@SAMPLES
def test_damaged_json_is_malformed_and_nothing_else(specimen: Specimen, data: st.DataObject) -> None:
    if not specimen.fuzz:
        pytest.skip("its provider sends no JSON; its own tests damage what it sends")
    body = data.draw(st.one_of(st.binary(max_size=80), _JSON.map(_bytes), _damaged(specimen)))
    try:
        found = specimen.open().parse(specimen.deliver(body))
    except MalformedPayload:
        return
    _sound(found)


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


@given(data=st.data())
@SAMPLES
def test_what_is_rendered_is_within_the_limits_and_whole(specimen: Specimen, data: st.DataObject) -> None:
    channel = specimen.open()
    message = data.draw(_outbound(specimen))
    requests = channel.render(message)
    assert requests == channel.render(message)
    for request in requests:
        specimen.within(request)
        json.dumps(request.payload, allow_nan=False)
    shown = specimen.shown(requests)
    assert _squeezed(specimen.written(message.text)) in _squeezed(specimen.written(shown.text))
    for number, button in enumerate(message.buttons, start=1):
        line = _squeezed(specimen.written(f"{number}. {button.title}"))
        assert button.id in shown.buttons or line in _squeezed(specimen.written(shown.text)), button
    if channel.capabilities.images_out:
        assert [one.url for one in message.media] == list(shown.files)


def test_outside_the_window_nothing_goes_that_the_provider_refuses(specimen: Specimen) -> None:
    channel = specimen.open()
    if channel.capabilities.reply_window_hours is None:
        pytest.skip("it has no window")
    with pytest.raises(WindowClosed):
        channel.render(specimen.message(window_open=False))


async def test_a_message_is_taken(specimen: Specimen) -> None:
    assert isinstance(await _sending(specimen, "takes"), Sent)


@pytest.mark.parametrize("case", ["busy", "failing", "silent"])
async def test_later(specimen: Specimen, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "TOTAL_SECONDS", 0.3)
    error = await _sending(specimen, case)
    assert isinstance(error, RetryLater), error
    # Who never answered may have taken it; who said no has not. An idempotent provider may simply be asked again.
    assert error.accepted_unknown == (case == "silent" and not specimen.open().capabilities.idempotent)
    if case == "busy":
        assert error.after is None or error.after > 0


async def test_nobody_there_is_later_and_not_taken(specimen: Specimen) -> None:
    error = await _sending(specimen, "takes", **specimen.unreachable)
    assert isinstance(error, RetryLater) and not error.accepted_unknown


async def test_a_refusal_is_final(specimen: Specimen) -> None:
    assert isinstance(await _sending(specimen, "refuses"), Undeliverable)


async def test_a_refused_account_stops_the_inbox(specimen: Specimen) -> None:
    assert isinstance(await _sending(specimen, "broken"), InboxBroken)


async def test_no_secret_is_in_what_is_raised_or_rendered(specimen: Specimen) -> None:
    secrets = [specimen.settings[one.name] for one in declared(specimen.channel) if one.secret]
    channel = specimen.open()
    seen = [repr(channel), repr(channel.render(specimen.message()))]
    seen += [repr(await _sending(specimen, case)) for case in ("busy", "failing", "refuses", "broken")]
    for secret in secrets:
        assert not any(secret in one for one in seen)


def test_capabilities_are_kept(specimen: Specimen) -> None:
    channel = specimen.open()
    able = channel.capabilities
    if able.typing or able.read_marks:
        assert isinstance(channel, ShowsPresence)
        for request in channel.presence(specimen.contact, "1", {}):
            specimen.within(request)
    if able.images:
        assert isinstance(channel, Fetches)
    few = channel.render(specimen.message(buttons=(Button("id-1", "Yes"), Button("id-2", "No"))))
    assert bool(specimen.shown(few).buttons) == bool(able.buttons or able.list_rows)


# --- what is drawn


def _sound(found: list[Inbound]) -> None:
    """What the desk may count on."""
    for one in found:
        assert one.external_id and isinstance(one.external_id, str)
        assert one.contact or one.kind in ("ignored", "receipt")
        assert one.kind != "contact" or one.change
        assert one.kind != "receipt" or one.receipt
        assert one.kind != "button" or one.button
        assert one.change != "moved" or one.moved_to
        json.dumps(asdict(replace(one, sent_at=None)), allow_nan=False)


async def _sending(specimen: Specimen, case: Case, **settings: str) -> Sent | Exception:
    async with specimen.provider(case) as where, aiohttp.ClientSession() as http:
        channel = specimen.open(http, **{**where, **settings})
        request, *_ = channel.render(specimen.message())
        async with asyncio.timeout(20):
            try:
                return await channel.send(request, KEY)
            except (RetryLater, Undeliverable, InboxBroken) as error:
                return error


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
_VISIBLE = _WORDS.filter(lambda text: text.strip() != "").map(str.strip)
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


@st.composite
def _outbound(draw: st.DrawFn, specimen: Specimen) -> Outbound:
    text = " ".join([draw(_VISIBLE)] * draw(st.sampled_from([1, 1, 2, 30, 400])))
    titles = draw(st.lists(_VISIBLE, max_size=14))
    files = draw(st.lists(st.sampled_from(["image/jpeg", "image/png"]), max_size=2))
    return specimen.message(
        text,
        buttons=tuple(Button(f"b{number:021}", title) for number, title in enumerate(titles)),
        media=tuple(
            MediaRef(f"m{number}", kind, None, f"https://desk.lindenport.example/m/{number}")
            for number, kind in enumerate(files)
        ),
        asks_location=draw(st.booleans()),
        human=draw(st.booleans()),
        language=draw(st.sampled_from(["en", "es", "fr", "sw", "zh-Hant"])),
    )


def test_the_suite_sees_a_request(specimen: Specimen) -> None:
    """A `within` that takes everything would prove nothing."""
    with pytest.raises((AssertionError, KeyError, TypeError)):
        specimen.within(Request("nothing", {}))
