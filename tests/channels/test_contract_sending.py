"""What every channel sends: within the provider's limits, whole, once; and what each kind of answer means."""

import asyncio
import json

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import (
    Button,
    Fetches,
    InboxBroken,
    MediaRef,
    Outbound,
    Request,
    RetryLater,
    Sent,
    ShowsTyping,
    Undeliverable,
    WindowClosed,
)
from channels.kit import calls
from channels.registry import declared
from tests.channels.contract import each
from tests.support.specimens.base import Case, Specimen

pytestmark = each
SAMPLES = settings(max_examples=60, deadline=None)
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"


@given(data=st.data())
@SAMPLES
def test_what_is_rendered_is_within_the_limits_and_whole(specimen: Specimen, data: st.DataObject) -> None:
    channel = specimen.open()
    message = data.draw(_outbound(specimen))
    requests = channel.render(message)
    assert requests and requests == channel.render(message)
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
        assert channel.render(specimen.message(window_open=False)) == channel.render(specimen.message())
        return
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


async def test_connection_refused_is_retried_and_not_accepted(specimen: Specimen) -> None:
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
        assert isinstance(channel, ShowsTyping)
        for request in channel.typing(specimen.contact, "1", {}):
            specimen.within(request)
    if able.images:
        assert isinstance(channel, Fetches)
    few = channel.render(specimen.message(buttons=(Button("id-1", "Yes"), Button("id-2", "No"))))
    assert bool(specimen.shown(few).buttons) == bool(able.buttons or able.list_rows)


def test_the_suite_sees_a_request(specimen: Specimen) -> None:
    """A `within` that takes everything would prove nothing."""
    with pytest.raises((AssertionError, KeyError, TypeError)):
        specimen.within(Request("nothing", {}))


# --- what is drawn


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


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
_VISIBLE = _WORDS.filter(lambda text: text.strip() != "").map(str.strip)


@st.composite
def _outbound(draw: st.DrawFn, specimen: Specimen) -> Outbound:
    text = " ".join([draw(_VISIBLE)] * draw(st.sampled_from([1, 1, 2, 30, 400])))
    titles = draw(st.lists(_VISIBLE, max_size=14))
    files = draw(st.lists(st.sampled_from(["image/jpeg", "image/png"]), max_size=2))
    short: bool = draw(st.booleans()) if titles or files else False
    if short:
        text = draw(st.sampled_from(["", " "]))
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
