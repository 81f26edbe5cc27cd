"""With a real mailbox and a real SMTP server: a thread, pictures, encryption, and what the operator is told."""

import asyncio
import email as email_package

import pytest

from channels.base import MediaRef, Outbound, RetryLater, Undeliverable
from channels.mail.imap import Account, MailboxRefused
from channels.mail.reading.parse import read_image, read_mail
from tests.support.imap_peer import Mailbox, imap_server
from tests.support.mail_desk import inbox, listening
from tests.support.mail_side import CITIZEN, PASSWORD, channel, fixture, mail, smtp_server

pytestmark = pytest.mark.slow


async def test_pictures_are_read_from_the_mailbox(box: Mailbox) -> None:
    box.put(fixture("photo"))
    email = inbox(box)
    async with listening(email) as desk:
        await desk.until(lambda: len(desk.kept) == 1)
    (picture,) = desk.kept[0].media
    source = await email.media(picture)
    assert source.content == read_image(fixture("photo"), 0) and source.content
    validity, uid, _ = picture.id.split(".")
    for other in (f"{int(validity) + 1}.{uid}.0", f"{validity}.999.0", f"{validity}.{uid}.2", "x", ".."):
        with pytest.raises(Undeliverable):
            await email.media(MediaRef(other, "image/jpeg"))
    with pytest.raises(RetryLater):
        await channel(imap_port="9").media(picture)


async def test_a_round_trip_in_one_thread(box: Mailbox) -> None:
    async with smtp_server() as server:
        email = inbox(box, smtp_port=str(server.port))
        async with listening(email) as desk:
            await asyncio.to_thread(box.put, fixture("text"))
            await desk.until(lambda: len(desk.kept) == 1)
            asked = desk.kept[0]
            answer = Outbound(
                "4b6f3d0e-0000-4000-8000-000000000001",
                asked.contact,
                "Where is it?",
                "en",
                thread=asked.thread,
            )
            await email.send(email.render(answer)[0], "k")
            (sent,) = server.mails
            assert isinstance(sent.content, bytes)
            ours = read_mail(sent.content)
            reply = mail(
                "In Elm Street\n\nOn Sun, Nov 22, 2026 City of Lindenport wrote:\n> Where is it?",
                To=str(email_package.message_from_bytes(sent.content)["Reply-To"]),
                Subject=ours.subject,
                In_Reply_To=str(ours.message_id),
                References=" ".join([*ours.references, str(ours.message_id)]),
                Message_ID="<r1@mail.example>",
            )
            await asyncio.to_thread(box.put, reply)
            await desk.until(lambda: len(desk.kept) == 2)
    got = desk.kept[1]
    assert got.text == "In Elm Street" and got.contact == CITIZEN
    assert got.thread["verified"] == "thread" and got.email == CITIZEN
    assert ours.references == (asked.thread["message_id"],) and sent.rcpt_tos == [CITIZEN]


async def test_encryption_is_required_elsewhere(box: Mailbox) -> None:
    """hoodiecrow's certificate is self-signed: it is rejected before anything is sent."""
    away = Account("127.0.0.1", box.port, "help", PASSWORD, tls=True)
    with pytest.raises(MailboxRefused, match="certificate"):
        async with away.open():
            pass
    with imap_server(PASSWORD, ["IDLE"]) as plain, pytest.raises(MailboxRefused, match="encryption"):
        async with Account("127.0.0.1", plain.port, "help", PASSWORD, tls=True).open():
            pass


async def test_the_operator_is_told(box: Mailbox) -> None:
    async with smtp_server() as server:
        good = inbox(box, smtp_port=str(server.port))
        assert [one.fine for one in await good.check("")] == [True, True]
        bad = inbox(box, smtp_port=str(server.port), password="wrong", authority="")
        found = await bad.check("")
        assert [one.fine for one in found] == [False, False, False]
        assert not any("wrong" in f"{one}" for one in found)
    found = await channel().check("")
    assert [one.fine for one in found] == [False, False]
