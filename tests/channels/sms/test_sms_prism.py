"""Every request to Twilio, judged by Twilio's own description, which Prism serves."""

import copy
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from channels.base import Button, MediaRef, Outbound
from channels.sms.twilio_numbers import VERSION
from tests.support.described import twilio as described
from tests.support.prism import cut, prism
from tests.support.twilio_side import CITIZEN, URL, channel

PATHS = (
    "/Accounts/{AccountSid}/Messages.json",
    "/Accounts/{Sid}.json",
    "/Accounts/{AccountSid}/IncomingPhoneNumbers.json",
    "/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}.json",
)
PHOTO = MediaRef("m1", "image/jpeg", None, "https://desk.example/media/m1")
pytestmark = pytest.mark.slow


def requests_only() -> Any:
    """Twilio's description of the four calls, with two amendments, none of which lets a wrong request pass.

    Prism reads MediaUrl as no list unless "explode", which is the default, is said. Twilio's example answers
    break its own schemas, which Prism punishes: any object is an answer here, but for a message's.
    """
    served = copy.deepcopy(cut(described(), [VERSION + path for path in PATHS]))
    for path, operations in served["paths"].items():
        for method in ("get", "post"):
            if method not in operations:
                continue
            for media_type in operations[method].get("requestBody", {}).get("content", {}).values():
                media_type["encoding"] = {"MediaUrl": {"style": "form", "explode": True}}
            if not path.endswith("Messages.json"):
                for answer in operations[method]["responses"].values():
                    answer["content"] = {"application/json": {"schema": {"type": "object"}}}
    return served


@pytest.fixture(scope="module")
def twilio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prism(requests_only(), tmp_path_factory.mktemp("twilio")) as url:
        yield url


async def test_every_request_is_taken_by_twilios_own_description(twilio: str) -> None:
    messages = (
        Outbound("m", CITIZEN, "Where is it?", "en", buttons=(Button("1", "Here"), Button("2", "There"))),
        Outbound("m", CITIZEN, "Größe “5” & 100 % ✓ 🚧 " * 200, "de"),
        Outbound("m", CITIZEN, "Look", "en", media=(PHOTO, PHOTO)),
        Outbound("m", CITIZEN, "", "en", media=(PHOTO,)),
        Outbound("m", "+491700000000", "Schau", "de", media=(PHOTO,)),
    )
    async with aiohttp.ClientSession() as http:
        for inbox in (
            channel(http, api_url=twilio),
            channel(http, api_url=twilio, messaging_service="MG" + "0" * 32),
        ):
            for message in messages:
                for request in inbox.render(message):
                    assert (await inbox.send(request, "m:0")).external_id


async def test_what_twilio_forbids_is_seen(twilio: str) -> None:
    """A validator that accepts everything would prove nothing."""
    async with aiohttp.ClientSession() as http:
        inbox = channel(http, api_url=twilio, messaging_service="no such thing")
        (request,) = inbox.render(Outbound("m", CITIZEN, "Hello", "en"))
        with pytest.raises(Exception, match="422"):
            await inbox.send(request, "m:0")


async def test_looking_and_registering_are_taken_too(twilio: str) -> None:
    """The numbers in Twilio's examples are not ours, so that one is missed; the calls are what is judged."""
    async with aiohttp.ClientSession() as http:
        inbox = channel(http, api_url=twilio)
        account, *_ = await inbox.check(URL)
        assert "422" not in account.todo
        for finding in (*await inbox.check(URL), *await inbox.register(URL)):
            assert "answered 4" not in finding.todo
        answer = await inbox._calls.post(
            f"{VERSION}/Accounts/{inbox._sid}/IncomingPhoneNumbers/PN{'0' * 32}.json",
            form=[("SmsUrl", URL), ("SmsMethod", "POST")],
        )
        assert answer.fine
