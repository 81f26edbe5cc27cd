"""`make inbox-check`: what an inbox lacks, in plain words; and how a stopped one is started again."""

from typing import ClassVar

import pytest

from channels.base import Capabilities, Finding, Inbound, Outbound, Request, Sent, Setting, Webhook
from channels.registry import ChannelSetup, InboxError
from city import InboxConfig
from desk.inboxes import findings, main, written
from desk.store.outbound import inbox_health as health
from desk.store.pool import Store


class Platform:
    """A channel whose provider can be asked. What it was asked is kept with the class."""

    name: ClassVar[str] = "platform"
    capabilities: ClassVar[Capabilities] = Capabilities(100)
    settings: ClassVar[tuple[Setting, ...]] = (Setting("token", "The console shows it.", secret=True),)
    calls: ClassVar[list[str]] = []

    def __init__(self, setup: ChannelSetup) -> None:
        assert setup.http is not None

    def verify(self, request: Webhook) -> None: ...

    def parse(self, request: Webhook) -> list[Inbound]:
        return []

    def render(self, message: Outbound) -> list[Request]:
        return []

    async def send(self, request: Request, key: str) -> Sent:
        return Sent()

    async def check(self, webhook_url: str) -> list[Finding]:
        self.calls.append(f"check {webhook_url}")
        return [
            Finding("the token is accepted", True),
            Finding("the webhook is another", False, "Register it."),
        ]

    async def register(self, webhook_url: str) -> list[Finding]:
        self.calls.append(f"register {webhook_url}")
        return [Finding("the webhook is set", True)]


INBOX = InboxConfig(name="north", channel="platform")
ENVIRON = {"CIVICDESK_INBOX_NORTH_TOKEN": "t", "CIVICDESK_PUBLIC_URL": "https://desk.example/"}


async def look(environ: dict[str, str], register: bool = False) -> list[Finding]:
    Platform.calls.clear()
    return await findings(INBOX, environ, register=register, channels={"platform": Platform})


async def test_it_says_what_is_fine_and_what_to_do() -> None:
    found = await look(ENVIRON)
    assert Platform.calls == ["check https://desk.example/webhooks/north"], "a check changes nothing"
    assert written(INBOX, found).splitlines() == [
        "Inbox 'north' (platform)",
        "  fine   settings: token",
        "  fine   public address: https://desk.example",
        "  fine   the token is accepted",
        "  WRONG  the webhook is another",
        "         -> Register it.",
        "1 to mend.",
    ]


async def test_it_registers_the_webhook_when_told_to() -> None:
    await look(ENVIRON, register=True)
    where = "https://desk.example/webhooks/north"
    assert Platform.calls == [f"register {where}", f"check {where}"]


@pytest.mark.parametrize("public", ["", "http://desk.example", "https://localhost"])
async def test_an_address_that_no_provider_reaches_is_wrong(public: str) -> None:
    found = await look({**ENVIRON, "CIVICDESK_PUBLIC_URL": public})
    assert [one.fine for one in found if one.what.startswith("public address")] == [False]


async def test_a_missing_secret_is_named() -> None:
    with pytest.raises(InboxError, match="CIVICDESK_INBOX_NORTH_TOKEN"):
        await look({})


def test_an_inbox_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere"], {}) == 2
    assert "no inbox 'nowhere'. It has: web." in capsys.readouterr().err
    assert main(["check", "web"], {}) == 0


async def test_a_stopped_inbox_is_resumed(store: Store, pg_url: str) -> None:
    import asyncio

    await health.mark_stopped(store.pool, "web", "refused", "190")
    assert await asyncio.to_thread(main, ["resume", "web"], {"DATABASE_URL": pg_url}) == 0
    assert (await health.list_health(store.pool))["web"].stopped_at is None
