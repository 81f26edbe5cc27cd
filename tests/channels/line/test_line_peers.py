"""Judged by the description of LINE's calls (tests/support/described/line.yml) and by LINE's own library."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from channels.base import (
    Button,
    InboxBroken,
    Request,
    Undeliverable,
)
from tests.channels.line.line_side import CHOICES, KEY, PHOTO, REPLY, channel
from tests.support.described import description
from tests.support.prism import prism
from tests.support.specimens.line import PERSON, SPECIMEN


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("line")
    with prism(description("line"), folder) as url:
        yield url


def every_shape() -> list[Request]:
    """Each request our code can build."""
    ours, say = channel(free_replies="yes"), SPECIMEN.message
    outbound = [
        say(),
        say("ü" * 30_000),
        say(buttons=CHOICES[:13]),
        say(buttons=CHOICES),
        say(buttons=(Button("b1", "A title that is longer than twenty characters"),)),
        say(asks_location=True, buttons=CHOICES[:2], language="fr"),
        say(media=(PHOTO,)),
        say("", media=(PHOTO,), buttons=CHOICES[:2]),
        say("", buttons=CHOICES[:1]),
        say(thread=REPLY),
    ]
    requests = [request for one in outbound for request in ours.render(one)]
    return [*requests, *ours.typing(PERSON, "1", {"read_token": "30yhdy232wx7"})]


@pytest.mark.slow
async def test_every_request_is_taken_by_the_description_of_lines_calls(described: str) -> None:
    async with aiohttp.ClientSession() as http:
        ours = channel(http, api_url=described)
        requests = every_shape()
        assert {one.operation for one in requests} == {"push", "reply", "loading", "read"}
        for number, request in enumerate(requests):
            sent = await ours.send(request, f"{KEY}{number}")
            assert sent.external_id or request.operation in ("loading", "read")
        assert [one.fine for one in await ours.register("https://desk.example/x")] == [True]
        assert len(await ours.check("https://desk.example/x")) == 4
        # The webhook of the description's example: there LINE is asked to try it.
        tried = await ours.check("https://desk.lindenport.example/webhooks/line")
        assert len(tried) == 5 and tried[-1].fine
        # What the description gives as an example of a profile.
        assert await ours.name_of(PERSON) == "Ana Diaz"


@pytest.mark.slow
async def test_the_description_refuses_what_line_refuses(described: str) -> None:
    wrong: list[list[dict[str, Any]]] = [
        [],
        [{"type": "text", "text": "x"}] * 6,
        [{"type": "text"}],
        [{"type": "image", "originalContentUrl": "https://x.example/1.jpg"}],
        [{"type": "text", "text": "x", "quickReply": {"items": [{"type": "action"}] * 14}}],
        [{"type": "telepathy", "text": "x"}],
        [{"type": "text", "text": "x" * 5_001}],
        [{"type": "text", "text": "x", "colour": "green"}],
        [{"type": "text", "text": "x", "quickReply": {"items": [_postback("l" * 21, "x")]}}],
        [{"type": "text", "text": "x", "quickReply": {"items": [_postback("l", "x" * 301)]}}],
    ]
    async with aiohttp.ClientSession() as http:
        ours = channel(http, api_url=described)
        for one in wrong:
            with pytest.raises(Undeliverable):
                await ours.send(Request("push", {"to": PERSON, "messages": one}), KEY)
        with pytest.raises(InboxBroken):
            bare = channel(http, api_url=described)
            bare._calls._headers.pop("Authorization")
            await bare.send(Request("push", {"to": PERSON, "messages": [{"type": "text", "text": "x"}]}), KEY)


@pytest.mark.slow
def test_lines_library_builds_the_same_calls() -> None:
    from linebot.v3.messaging import PushMessageRequest

    for request in every_shape():
        if request.operation == "push":
            theirs = PushMessageRequest.from_dict(dict(request.payload))
            assert theirs is not None
            # Theirs writes one default down.
            assert _without_nothing(theirs.to_dict()) == {**request.payload, "notificationDisabled": False}


def _postback(label: str, data: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "postback", "label": label, "data": data}}


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value
