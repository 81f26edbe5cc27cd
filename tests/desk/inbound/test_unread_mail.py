"""What of a mail could not be read: an agent is told in the conversation, and tries are counted where a crash loses none."""

from typing import Any

import aiohttp
import msgspec
import pytest

from channels.base import Inbound, RetryLater
from channels.mail.reader import Limits, MailReader
from city import InboxConfig
from desk.inbound.listeners import StoredTries
from desk.model import Message
from desk.store.inbound import tries
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.desk import Desk
from tests.support.fake_bot import says
from tests.support.mail_desk import QUICK
from tests.support.mail_side import CITIZEN, channel, mail
from tests.support.plain_imap import plain_imap
from tests.support.providers import Recorder, write
from tests.support.waiting import eventually

NOTE = "A mail with the subject “Lamp” could not be read: reading it took too much time."


@pytest.fixture
def desk(desk: Desk) -> Desk:
    inbox = InboxConfig(name="wa", channel="whatsapp")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    desk.bot.behaviour = says({"text": "What street?"})
    return desk


async def test_a_message_that_nobody_could_read_goes_to_a_person_with_the_note(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await write(desk, "", note=NOTE)
        log = await desk.settled(contact)
    assert not desk.bot.asked, "there is nothing that the bot could understand"
    conversation = await desk.conversation(contact)
    assert (conversation.state, conversation.handoff_reason) == ("queued", "failed")
    assert conversation.handoff_summary == NOTE
    asked, apology, place = log
    assert (asked.author, asked.note) == ("contact", NOTE)
    assert "Your message is kept, and a person will read it." in apology.text
    assert place.author == "system"


async def test_a_message_that_was_read_in_part_is_answered_and_keeps_its_note(desk: Desk) -> None:
    async with desk.working(city=desk.city, channels={"wa": Recorder()}):
        contact = await write(desk, "The lamp is dark", note="The end of this mail was not read.")
        log = await desk.settled(contact)
    assert [(one.author, one.text, one.note) for one in log] == [
        ("contact", "The lamp is dark", "The end of this mail was not read."),
        ("bot", "What street?", None),
    ]


async def test_tries_are_counted_for_each_mail_by_itself_and_outlive_the_process(store: Store) -> None:
    first, other = StoredTries(store, "mail"), StoredTries(store, "other")
    assert [await first.count("7.1"), await first.count("7.1"), await first.count("7.2")] == [1, 2, 1]
    assert await StoredTries(store, "mail").count("7.1") == 3, "another process goes on counting"
    assert await other.count("7.1") == 1
    await first.forget("7.1")
    assert await first.count("7.1") == 1
    await store.pool.execute(
        "UPDATE arrival_tries SET tried_at = now() - interval '40 days' WHERE place = '7.2'"
    )
    await tries.delete_old(store.pool, "mail")
    left = await store.pool.fetch("SELECT inbox, place FROM arrival_tries ORDER BY 1, 2")
    assert [tuple(row) for row in left] == [("mail", "7.1"), ("other", "7.1")]


async def test_a_mail_that_ends_its_reader_reaches_an_agent_and_stops_no_other(desk: Desk) -> None:
    """From the socket of the mailbox to the conversation, with the real listener, limits and database."""
    desk.city = msgspec.structs.replace(
        desk.city, inboxes=(*desk.city.inboxes, InboxConfig(name="email", channel="email"))
    )
    deadly = mail("LOOP", Message_ID="<1@x>", Subject="Lamp")
    fine = mail("Hello", Message_ID="<2@x>", From="ben@mail.example")
    reader = MailReader(Limits(cpu_seconds=1), "tests.channels.mail.misreading")
    try:
        async with plain_imap(deadly, fine) as box, aiohttp.ClientSession() as http:
            email = channel(http, imap_port=str(box.port), patience=QUICK, reader=reader)
            async with desk.working(city=desk.city, channels={"email": email}):
                await eventually(lambda: _is(box.flags == [{b"\\Flagged"}, {b"\\Seen"}]), 60)
                unread, read = [await _log(desk, address) for address in (CITIZEN, "ben@mail.example")]
    finally:
        await reader.close()
    assert unread[0].text == "" and "“Lamp” could not be read" in (unread[0].note or "")
    assert (read[0].text, read[0].note) == ("Hello", None)
    assert await desk.store.pool.fetchval("SELECT count(*) FROM arrival_tries") == 0


async def _is(condition: bool) -> bool:
    return condition


async def _log(desk: Desk, address: str) -> list[Message]:
    known = await contacts.get_or_add(desk.store.pool, "email", address, None, None)
    contact = await contacts.get_by_id(desk.store.pool, known)
    assert contact is not None
    return await desk.settled(contact)


async def test_while_the_database_is_away_the_mails_wait(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    async def away(*_: Any) -> None:
        raise ConnectionRefusedError

    for name in ("add_try", "delete_tries"):
        monkeypatch.setattr(tries, name, away)
    stored = StoredTries(store, "mail")
    with pytest.raises(RetryLater):
        await stored.count("7.1")
    with pytest.raises(RetryLater):
        await stored.forget("7.1")


def test_the_note_is_part_of_what_is_kept() -> None:
    assert Inbound("1", "a@b.example", "message", note=NOTE).note == NOTE
