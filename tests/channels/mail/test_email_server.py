"""What the mail server answers, and inboxes that cannot work."""

from dataclasses import replace
from typing import Any

import pytest

from channels.base import (
    InboxBroken,
    RetryLater,
    Undeliverable,
    Unreachable,
)
from channels.kit.setup import ChannelSetup, InboxError
from channels.mail.inbox import mail_inbox
from channels.mail.smtp import Server
from tests.support.mail_side import (
    ADDRESS,
    CITIZEN,
    MAIL,
    PASSWORD,
    SECRET,
    SETTINGS,
    channel,
    nobody,
    outbound,
    part,
    sent,
    smtp_server,
)

# What the server says


@pytest.mark.parametrize(
    ("command", "answer", "kind", "scope"),
    [
        ("RCPT", "550 5.1.1 No such user", Unreachable, None),
        ("RCPT", "553 5.1.3 Bad address", Unreachable, None),
        ("RCPT", "550 5.7.1 Blocked by policy", Undeliverable, None),
        ("RCPT", "554 5.7.1 Relay access denied", Undeliverable, None),
        ("RCPT", "452 4.2.2 Mailbox full", RetryLater, "contact"),
        ("RCPT", "552 5.2.2 Mailbox full", RetryLater, "contact"),
        ("RCPT", "450 4.7.1 Greylisted", RetryLater, "contact"),
        ("RCPT", "421 4.3.2 Shutting down", RetryLater, "contact"),
        ("DATA", "554 5.6.0 Looks like spam", Undeliverable, None),
        ("DATA", "451 4.3.0 Try again", RetryLater, "inbox"),
        ("MAIL", "550 5.7.60 Not allowed to send as this sender", InboxBroken, None),
        ("MAIL", "530 5.7.0 Authentication required", InboxBroken, None),
        ("MAIL", "452 4.3.1 No space", RetryLater, "inbox"),
        ("AUTH", "535 5.7.8 Bad credentials", InboxBroken, None),
        ("AUTH", "454 4.7.0 Temporary failure", RetryLater, "inbox"),
    ],
)
async def test_what_an_answer_means(
    command: str, answer: str, kind: type[Exception], scope: str | None
) -> None:
    async with smtp_server() as server:
        server.answers[command] = answer
        with pytest.raises(kind) as caught:
            await sent(server, outbound())
    assert type(caught.value) is kind
    if isinstance(caught.value, RetryLater):
        assert caught.value.scope == scope and not caught.value.accepted_unknown


@pytest.mark.parametrize("address", ["åsa@mail.example", "ana@bücher.example", "用户@例子.example"])
async def test_an_address_with_letters_outside_ascii_is_answered(address: str) -> None:
    async with smtp_server() as server:
        got = await sent(server, replace(outbound("We come on Monday – früh."), contact=address))
        assert server.mails[-1].rcpt_tos == [address]
        content = server.mails[-1].content
        assert isinstance(content, bytes) and f"To: {address}".encode() in content
        assert "We come on Monday – früh." in part(got, "plain")
    async with smtp_server(international=False) as server:
        with pytest.raises(Undeliverable, match="SMTPUTF8"):
            await sent(server, replace(outbound(), contact=address))
        assert not server.mails


async def test_encryption_is_required_unless_the_server_is_this_machine() -> None:
    async with smtp_server() as server:
        elsewhere = Server("127.0.0.1", server.port, "help", PASSWORD, tls=True)
        with pytest.raises(InboxBroken, match="encryption"):
            await elsewhere.deliver(ADDRESS, CITIZEN, b"x")
        assert server.signed_in == []

    def servers(host: str) -> tuple[bool, bool]:
        given = {**SETTINGS, "imap_host": host, "smtp_host": host}
        inbox = mail_inbox(ChannelSetup(nobody, given, "email"))
        return inbox.account.tls, inbox.server.tls

    assert servers("mail.lindenport.example") == servers("10.0.0.5") == (True, True)
    assert servers("127.0.0.1") == servers("localhost") == servers("::1") == (False, False)


def test_an_inbox_that_cannot_work_does_not_open() -> None:
    refused: list[dict[str, Any]] = [
        {"address": "help"},
        {"address": "a" * 21 + "@x.example"},
        {"imap_port": "imaps"},
    ]
    for wrong in refused:
        with pytest.raises(InboxError):
            channel(**wrong)
    empty: list[dict[str, Any]] = [{"password": ""}, {"thread_secret": ""}]
    for settings in empty:
        with pytest.raises(ValueError):
            channel(**settings)
    assert PASSWORD not in repr(MAIL._mail) and SECRET not in repr(MAIL._mail)
