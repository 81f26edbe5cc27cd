"""Hostile mails through a real mailbox: the listener continues, the next mail is read, and the bad one is kept and reported."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from channels.base import MediaRef, Undeliverable
from channels.mail.imap import PIECE
from channels.mail.reader import Limits, MailReader
from channels.mail.reading.limits import MAIL_BYTES, SENTENCES
from tests.channels.mail.hostile_mails import MAILS
from tests.support.imap_peer import Mailbox
from tests.support.mail_desk import QUICK, Desk, inbox, listening
from tests.support.mail_side import AUTHORITY, CITIZEN, channel, mail
from tests.support.plain_imap import PlainImap, plain_imap
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

SEEN, FLAGGED = {b"\\Seen"}, {b"\\Flagged"}
MISREADING = "tests.channels.mail.misreading"
SMALL = Limits(cpu_seconds=1, deadline=4.0, memory=80 * 1024 * 1024)


@asynccontextmanager
async def misreading(box: Mailbox, limits: Limits = SMALL) -> AsyncIterator[Desk]:
    """A mailbox whose reader misbehaves where a mail says so."""
    reader = MailReader(limits, MISREADING)
    try:
        async with listening(inbox(box, reader=reader)) as desk:
            yield desk
    finally:
        await reader.close()


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("LOOP", "reading it took too much time"),
        ("GROW", "reading it took too much memory"),
        ("DIE", "reading it failed several times"),
        ("HANG", "reading it failed several times"),
        ("BREAK", "reading it failed several times"),
    ],
)
async def test_a_mail_that_cannot_be_read_is_kept_flagged_and_told(box: Mailbox, word: str, why: str) -> None:
    results = f"{AUTHORITY}; dmarc=pass"
    box.put(
        mail(word, Message_ID="<1@x>", Subject="Lamp =?utf-8?q?=C3=A9?=", Authentication_Results=results),
        mail("fine", Message_ID="<2@x>"),
    )
    # On a busy machine the deadline may come before the limit of processor time: only what hangs needs a short one.
    async with misreading(box, SMALL if word == "HANG" else replace(SMALL, deadline=30.0)) as desk:
        await desk.until(lambda: len(desk.kept) == 2, 60)
        await eventually(lambda: box.flags() == [FLAGGED, SEEN])
        # The flag is taken away by a person: it is read again, by whatever can read it now.
        await eventually(lambda: not desk.tries.tries)
    told = next(one for one in desk.kept if one.note)
    note = told.note or ""
    assert why in note and "“Lamp é”" in note and "kept in the mailbox" in note
    assert told.kind == "message" and told.text is None and told.contact == CITIZEN and told.proven
    assert told.external_id.startswith("<1@x> "), "two mails may have one id"
    assert told.external_id.endswith(":unreadable"), "read after all, it is no repeat"
    assert next(one for one in desk.kept if not one.note).text == "fine"


async def test_a_mail_nobody_must_answer_is_flagged_without_a_word(box: Mailbox) -> None:
    box.put(mail("LOOP", Message_ID="<1@x>", Precedence="bulk"), mail("fine", Message_ID="<2@x>"))
    async with misreading(box) as desk:
        await eventually(lambda: box.flags() == [FLAGGED, SEEN])
    assert {one.kind for one in desk.kept} == {"ignored", "message"}


@pytest.mark.parametrize("name", MAILS)
async def test_a_hostile_mail_is_read_through_the_listener_and_the_next_one_too(name: str) -> None:
    """Bounded by the real limits of the child: 160 MB of address space, and 5 s of the processor."""
    async with _mailbox(MAILS[name](), mail("fine", Message_ID="<2@x>")) as (box, desk):
        await desk.until(lambda: len(desk.kept) == 2, 120)
        await _until(box, [SEEN, SEEN])
    assert desk.kept[0].contact == ("" if name.startswith("a sender") else CITIZEN)
    assert desk.kept[1].text == "fine"


async def test_no_more_of_a_mail_is_fetched_than_is_read() -> None:
    """Bytes are the bound on work: never more than a piece at a time, never more than the limit together."""
    long = mail("words\n" * 10) + b"x" * (MAIL_BYTES + PIECE)
    async with _mailbox(long, mail("short", Message_ID="<2@x>")) as (box, desk):
        await desk.until(lambda: len(desk.kept) == 2, 120)
    *whole, short = box.asked
    assert max(length for _, length in whole) <= PIECE
    assert sum(length for _, length in whole) == MAIL_BYTES + 1, "one byte more tells that it goes on"
    assert SENTENCES["bytes"] in (desk.kept[0].note or "") and (desk.kept[0].text or "").startswith("words")
    assert short == (0, PIECE), "an ordinary mail is one request"


@asynccontextmanager
async def _mailbox(*mails: bytes) -> AsyncIterator[tuple[PlainImap, Desk]]:
    async with (
        plain_imap(*mails) as box,
        listening(channel(imap_port=str(box.port), patience=QUICK)) as desk,
    ):
        yield box, desk


async def _until(box: PlainImap, flags: list[set[bytes]]) -> None:
    async with asyncio.timeout(30):
        while box.flags != flags:
            box.changed.clear()
            await box.changed.wait()


async def test_a_picture_of_a_mail_that_cannot_be_read_stops_nothing(box: Mailbox) -> None:
    box.put(mail("LOOP"))
    reader = MailReader(Limits(cpu_seconds=1, deadline=2.0), MISREADING)
    try:
        with box.signed_in() as client:
            validity = client.select_folder("INBOX")[b"UIDVALIDITY"]
            (uid,) = client.search("ALL")
        with pytest.raises(Undeliverable):
            await inbox(box, reader=reader).media(MediaRef(f"{validity}.{uid}.0", "image/jpeg"))
    finally:
        await reader.close()
