"""Listening to a real mailbox: mails are marked only once stored, none is lost, and none delays the others."""

import asyncio
from contextlib import suppress

import pytest

from channels.base import InboxBroken, Listens, Webhook
from tests.support.imap_peer import EVERYTHING, Mailbox, imap_server
from tests.support.mail_desk import NEVER_LOOKS, QUICK, Counted, Desk, inbox, listening
from tests.support.mail_side import CITIZEN, PASSWORD, channel, mail
from tests.support.ports import free_ports
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow


async def test_what_was_there_and_what_comes_is_taken_once_and_marked(box: Mailbox) -> None:
    box.put(mail("one", Message_ID="<1@x>"), mail("two", Message_ID="<2@x>"))
    email = inbox(box, NEVER_LOOKS)
    assert isinstance(email, Listens)
    async with listening(email) as desk:
        await desk.until(lambda: len(desk.kept) == 2)
        await eventually(lambda: asyncio.to_thread(lambda: box.flags() == [{b"\\Seen"}] * 2))
        # One that comes in the moment before the listener idles is told of with the next one.
        for number in range(3, 30):
            await asyncio.to_thread(box.put, mail(f"{number}", Message_ID=f"<{number}@x>"))
            with suppress(TimeoutError):
                await desk.has(number, 2)
                break
        await eventually(lambda: asyncio.to_thread(lambda: box.flags() == [{b"\\Seen"}] * number))
    assert [one.text for one in desk.kept[:3]] == ["one", "two", "3"]
    assert desk.takes == number


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
        await desk.until(lambda: desk.takes >= 4)
        assert box.flags() == [set()]
        desk.away = False
        await desk.until(lambda: len(desk.kept) == 1)
        await eventually(lambda: asyncio.to_thread(lambda: box.flags() == [{b"\\Seen"}]))


async def test_one_bad_mail_holds_up_no_other_and_is_left_for_a_person(box: Mailbox) -> None:
    box.put(
        mail("bad", Message_ID="<1@x>"), mail("worse", Message_ID="<2@x>"), mail("good", Message_ID="<3@x>")
    )
    email = inbox(box)
    desk = Desk(email)
    desk.refuses, desk.breaks_on = "bad", "worse"
    async with listening(email, desk):
        await desk.until(lambda: len(desk.kept) == 3)
        await eventually(lambda: box.flags() == [{b"\\Flagged"}, {b"\\Flagged"}, {b"\\Seen"}])
        await eventually(lambda: not desk.tries.tries)  # what is done with is not counted any more
    good = next(one for one in desk.kept if one.text)
    refused, broke = [one for one in desk.kept if not one.text]
    assert (good.text, good.note) == ("good", None)
    assert "no header of a mail" in (refused.note or "") and "bad" in (refused.raw or "")
    assert "failed several times" in (broke.note or "") and "worse" in (broke.raw or "")
    assert refused.contact == broke.contact == CITIZEN


async def test_tries_are_counted_before_the_mail_is_read(box: Mailbox) -> None:
    """A mail that ends the whole process leaves its count behind, and is not read again and again."""
    box.put(mail("deadly", Message_ID="<1@x>"), mail("good", Message_ID="<2@x>"))
    email = inbox(box)
    desk = Desk(email)
    with box.signed_in() as client:
        validity = client.select_folder("INBOX")[b"UIDVALIDITY"]
        first, _ = sorted(client.search("ALL"))
    desk.tries.tries[f"{validity}.{first}"] = QUICK.tries  # earlier processes died over it
    async with listening(email, desk):
        await desk.until(lambda: len(desk.kept) == 2)
        await eventually(lambda: box.flags() == [{b"\\Flagged"}, {b"\\Seen"}])
    assert [one.text for one in desk.kept] == [None, "good"], "the deadly mail was not read"


async def test_a_server_that_dies_is_found_again() -> None:
    (port,) = free_ports(1)
    desk: Desk | None = None
    with imap_server(PASSWORD, port=port) as box:
        email = inbox(box)
        desk = Desk(email)
        task = asyncio.create_task(desk.listen())
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
            await inbox(box, password="wrong").listen(take, Counted())
        with pytest.raises(InboxBroken, match="folder"):
            await inbox(box, imap_folder="Nowhere").listen(take, Counted())


async def test_cancelled_in_the_middle_of_anything_it_ends() -> None:
    """A server that accepts and then stays silent: the waiting thread is released."""

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
    task = asyncio.create_task(channel(imap_port=str(port), patience=QUICK).listen(_nothing, Counted()))
    async with asyncio.timeout(30):
        await asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    server.close()


async def _nothing(_: Webhook) -> None: ...


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
    task = asyncio.create_task(desk.listen())
    await desk.until(lambda: len(desk.kept) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
