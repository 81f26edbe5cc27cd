"""Listening to a real mailbox, and answering over a real SMTP server: nothing is marked before it is kept, nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from channels.base import (
    Inbound,
    InboxBroken,
    Listens,
    MalformedPayload,
    MediaRef,
    Outbound,
    RetryLater,
    Undeliverable,
    Webhook,
)
from channels.email import EmailChannel
from channels.mail_imap import Account, MailboxRefused
from channels.mail_listen import Patience
from channels.mail_parse import read_mail
from tests.channels.imap_peer import EVERYTHING, Mailbox, imap_server
from tests.channels.mail_side import CITIZEN, PASSWORD, channel, fixture, mail, smtp_server
from tests.e2e.product import free_ports

pytestmark = pytest.mark.slow
QUICK = Patience(idle=3, poll=0.05, first=0.02, longest=0.1, refused=0.02, tries=2)

NEVER_LOOKS = replace(QUICK, idle=300)  # longer than any test waits: what is heard of was told by the server


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    with imap_server(PASSWORD) as running:
        yield running


@pytest.fixture
def box(server: Mailbox) -> Mailbox:
    with server.signed_in() as client:
        if uids := client.search("ALL"):
            client.delete_messages(uids)
            client.expunge()
    return server


def inbox(box: Mailbox, patience: Patience = QUICK, **settings: str) -> EmailChannel:
    return channel(imap_port=str(box.port), patience=patience, **settings)


class Desk:
    """What the desk does with an arrival: verify, parse, keep. It may be away, or refuse one mail for good."""

    def __init__(self, email: EmailChannel) -> None:
        self.email = email
        self.kept: list[Inbound] = []
        self.away = False
        self.refuses = ""
        self.breaks_on = ""
        self.tries = 0
        self.changed = asyncio.Event()

    async def take(self, arrival: Webhook) -> None:
        self.tries += 1
        self.changed.set()
        if self.away:
            raise ConnectionRefusedError
        self.email.verify(arrival)
        found = self.email.parse(arrival)
        if self.refuses and found[0].text == self.refuses:
            raise MalformedPayload("no")
        if self.breaks_on and found[0].text == self.breaks_on:
            raise RuntimeError("a mail that nobody foresaw")
        self.kept += found

    async def until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not done():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def listening(email: EmailChannel) -> AsyncIterator[Desk]:
    desk = Desk(email)
    task = asyncio.create_task(email.listen(desk.take))
    try:
        yield desk
    finally:
        task.cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(task, return_exceptions=True)


async def eventually(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(look):
            await asyncio.sleep(0.02)


async def test_what_was_there_and_what_comes_is_taken_once_and_marked(box: Mailbox) -> None:
    box.put(mail("one", Message_ID="<1@x>"), mail("two", Message_ID="<2@x>"))
    email = inbox(box, NEVER_LOOKS)
    assert isinstance(email, Listens)
    async with listening(email) as desk:
        await desk.until(lambda: len(desk.kept) == 2)
        await eventually(lambda: box.flags() == [{b"\\Seen"}] * 2)
        # One that comes in the moment before the listener idles is told of with the next one.
        for number in range(3, 30):
            await asyncio.to_thread(box.put, mail(f"{number}", Message_ID=f"<{number}@x>"))
            with suppress(TimeoutError):
                await desk.until(lambda number=number: len(desk.kept) == number, 2)  # type: ignore[misc]
                break
        await eventually(lambda: box.flags() == [{b"\\Seen"}] * number)
    assert [one.text for one in desk.kept[:3]] == ["one", "two", "3"]
    assert desk.tries == number


async def test_a_server_without_idle_is_asked() -> None:
    with imap_server(PASSWORD, [one for one in EVERYTHING if one != "IDLE"]) as box:
        async with listening(inbox(box)) as desk:
            await asyncio.to_thread(box.put, mail("one"))
            await desk.until(lambda: len(desk.kept) == 1)
            found = await inbox(box).check("")
            assert "IDLE" in found[0].what and found[0].fine


async def test_what_could_not_be_kept_stays_unseen_and_comes_again(box: Mailbox) -> None:
    box.put(mail("one", Message_ID="<1@x>"))
    async with listening(inbox(box)) as desk:
        desk.away = True
        await desk.until(lambda: desk.tries >= 4)
        assert box.flags() == [set()]
        desk.away = False
        await desk.until(lambda: len(desk.kept) == 1)
        await eventually(lambda: box.flags() == [{b"\\Seen"}])


async def test_one_bad_mail_holds_up_no_other_and_is_left_for_a_person(box: Mailbox) -> None:
    box.put(
        mail("bad", Message_ID="<1@x>"), mail("worse", Message_ID="<2@x>"), mail("good", Message_ID="<3@x>")
    )
    async with listening(inbox(box)) as desk:
        desk.refuses, desk.breaks_on = "bad", "worse"
        await desk.until(lambda: len(desk.kept) == 1)
        await eventually(lambda: box.flags()[2] == {b"\\Seen"} and box.flags()[0] == {b"\\Flagged"})
        # Whether the mail or the database is at fault is known once another mail could be kept.
        await asyncio.to_thread(box.put, mail("next", Message_ID="<4@x>"))
        await desk.until(lambda: len(desk.kept) == 2)
        tried = 4
        while b"\\Flagged" not in (await asyncio.to_thread(box.flags))[1]:
            tried += 1
            assert tried < 40
            known = len(desk.kept)
            await asyncio.to_thread(box.put, mail(f"more {tried}", Message_ID=f"<{tried}@x>"))
            await desk.until(lambda known=known: len(desk.kept) > known)  # type: ignore[misc]


async def test_a_server_that_dies_is_found_again() -> None:
    (port,) = free_ports(1)
    desk: Desk | None = None
    with imap_server(PASSWORD, port=port) as box:
        email = inbox(box)
        desk = Desk(email)
        task = asyncio.create_task(email.listen(desk.take))
        await asyncio.to_thread(box.put, mail("before", Message_ID="<1@x>"))
        await desk.until(lambda: len(desk.kept) == 1)
    with imap_server(PASSWORD, port=port) as box:
        box.put(mail("after", Message_ID="<2@x>"))
        await desk.until(lambda: len(desk.kept) == 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [one.text for one in desk.kept] == ["before", "after"]


async def test_a_refused_password_is_told_after_a_few_tries(box: Mailbox) -> None:
    async def take(_: Webhook) -> None:
        raise AssertionError

    async with asyncio.timeout(30):
        with pytest.raises(InboxBroken, match="password"):
            await inbox(box, password="wrong").listen(take)
        with pytest.raises(InboxBroken, match="folder"):
            await inbox(box, imap_folder="Nowhere").listen(take)


async def test_cancelled_in_the_middle_of_anything_it_ends() -> None:
    """A server that accepts and then says nothing: the thread that waits for it is let go."""

    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, command, *_ = line.split()
            if command != b"CAPABILITY":
                asked.set()
                break
            writer.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    task = asyncio.create_task(channel(imap_port=str(port), patience=QUICK).listen(_nothing))
    async with asyncio.timeout(30):
        await asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    server.close()


async def _nothing(_: Webhook) -> None: ...


async def test_pictures_are_read_from_the_mailbox(box: Mailbox) -> None:
    box.put(fixture("photo"))
    email = inbox(box)
    async with listening(email) as desk:
        await desk.until(lambda: len(desk.kept) == 1)
    (picture,) = desk.kept[0].media
    source = await email.media(picture)
    assert source.content == read_mail(fixture("photo")).images[0].content
    validity, uid, _ = picture.id.split(".")
    for other in (f"{int(validity) + 1}.{uid}.0", f"{validity}.999.0", f"{validity}.{uid}.1", "x", ".."):
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
                To=ours.headers["reply-to"],
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
    assert ours.references == (asked.external_id,) and sent.rcpt_tos == [CITIZEN]


async def test_encryption_is_required_elsewhere(box: Mailbox) -> None:
    """hoodiecrow's certificate is its own: it is not believed, and nothing is said before that is known."""
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


async def test_what_comes_while_another_is_taken_is_not_left_waiting(box: Mailbox) -> None:
    """Its news came in the middle of other commands, where IDLE tells of nothing."""
    email = inbox(box, NEVER_LOOKS)

    class Slow(Desk):
        async def take(self, arrival: Webhook) -> None:
            if not self.kept:
                await asyncio.to_thread(box.put, mail("two", Message_ID="<2@x>"))
            await super().take(arrival)

    desk = Slow(email)
    box.put(mail("one", Message_ID="<1@x>"))
    task = asyncio.create_task(email.listen(desk.take))
    await desk.until(lambda: len(desk.kept) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
