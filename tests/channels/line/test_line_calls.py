"""What LINE refuses, its files, and what the operator is told."""

import aiohttp
import pytest

from channels.base import (
    ChannelError,
    Checks,
    Fetches,
    InboxBroken,
    MediaRef,
    Registers,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from tests.channels.line.line_side import channel, line, only
from tests.channels.refusals import raised
from tests.support.specimens.base import json_provider
from tests.support.specimens.line import SPECIMEN, TOKEN

# What LINE refuses


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "The request body has 1 error(s)", Undeliverable),
        (400, "Failed to send messages", Unreachable),
        (400, "The property, 'to', in the request body is invalid (line: -, column: -)", Unreachable),
        (401, "Authentication failed. Confirm that the access token is valid.", InboxBroken),
        (403, "Not authorized to use this API", InboxBroken),
        (413, "Request exceeds the max size of 2MB", Undeliverable),
        (429, "You have reached your monthly limit.", InboxBroken),
        (429, "The API rate limit has been exceeded. Try again later.", RetryLater),
        (500, "The server is temporarily unavailable", RetryLater),
    ],
)
async def test_each_refusal_has_its_kind(status: int, message: str, kind: type[ChannelError]) -> None:
    error = await raised(SPECIMEN, status, {"message": message})
    assert type(error) is kind
    if isinstance(error, RetryLater):
        assert error.scope == ("inbox" if status == 429 else "contact") and not error.accepted_unknown


# Files, the account


async def test_a_file_is_fetched_from_lines_data_host_with_the_token() -> None:
    async with line() as (fake, http):
        ours = channel(http, data_url=fake.url)
        assert isinstance(ours, Fetches)
        source = await ours.media(only("image").media[0])
        async with http.get(source.url, headers=source.headers) as answer:
            assert (await answer.read()).startswith(b"\xff\xd8\xff")
        assert source.hosts == ("127.0.0.1",) and TOKEN not in repr(source)
        with pytest.raises(Undeliverable):
            await ours.media(MediaRef("../../info", "image/jpeg"))
    assert (await channel(data_url="").media(MediaRef("1", "image/jpeg"))).hosts == ("api-data.line.me",)
    with pytest.raises(ValueError):
        channel(data_url="http://files.example")


async def test_findings_say_what_to_do() -> None:
    webhook = "https://desk.example/webhooks/line"
    answers = {
        "displayName": "Lindenport",
        "basicId": "@lindenport",
        "endpoint": "https://old.example/",
        "active": False,
        "type": "limited",
        "value": 200,
        "totalUsage": 200,
        "success": False,
        "reason": "ERROR_STATUS_CODE",
        "detail": "403",
    }
    ours_already = {**answers, "endpoint": webhook, "active": True, "totalUsage": 3}
    provider = json_provider(answers, (400, {}), (401, {"message": "Authentication failed."}))
    async with aiohttp.ClientSession() as http:
        async with provider("takes") as where:
            ours = channel(http, **where)
            assert isinstance(ours, Checks) and isinstance(ours, Registers)
            assert [one.fine for one in await ours.check(webhook)] == [True, False, False, False]
            assert [one.fine for one in await ours.register(webhook)] == [True]
        async with json_provider(ours_already, (400, {}), (401, {}))("takes") as where:
            *fine, reached = await channel(http, **where).check(webhook)
            assert all(one.fine for one in fine) and not reached.fine
            assert "the channel secret differs" in reached.todo
        async with provider("broken") as where:
            for findings in (
                await channel(http, **where).check(webhook),
                await channel(http, **where).register(webhook),
            ):
                assert [one.fine for one in findings] == [False] and "new token" in findings[0].todo
