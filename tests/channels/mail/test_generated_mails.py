"""A thousand generated mails: each becomes one message or is listed as not taken, and its words are those that were
written. The first of them go through a real IMAP server, in order; `python -m bench.mail` sends all of them there."""

import asyncio

import pytest

from channels.mail.reading.charsets import CHARSETS
from tests.support.generated_mails import PROGRAMS, STRUCTURES, Generated, generated
from tests.support.imap_peer import Mailbox
from tests.support.mail_desk import NEVER_LOOKS, inbox, listening
from tests.support.mail_side import one
from tests.support.waiting import eventually

COUNT = 1_000
THROUGH_THE_SERVER = 60  # this server takes an eighth of a second for each, and more on a busy machine


def wrong(made: Generated) -> str | None:
    """What is wrong with what became of it, without a mailbox."""
    got = one(made.raw)
    if got.kind != made.fate:
        return f"{made.place}: {got.kind}, {got.reason}"
    if made.fate == "ignored":
        return None
    lines = [line for line in (got.text or "").split("\n") if line]
    if made.says not in lines or "Where?" in (got.text or ""):
        return f"{made.place}: {got.text!r}"
    return None if len(got.media) == made.pictures else f"{made.place}: {len(got.media)} pictures"


def test_each_is_read_as_it_was_written() -> None:
    assert not [found for made in generated(COUNT) if (found := wrong(made))]


def test_they_are_of_every_charset_structure_and_program() -> None:
    places = " ".join(made.place for made in generated(COUNT))
    for name in (*CHARSETS, *STRUCTURES, *PROGRAMS):
        assert name in places, name


@pytest.mark.slow
async def test_each_is_kept_once_and_in_order(box: Mailbox) -> None:
    made = list(generated(THROUGH_THE_SERVER))
    await asyncio.to_thread(box.put, *(each.raw for each in made))
    async with listening(inbox(box, NEVER_LOOKS)) as desk:
        await desk.has(THROUGH_THE_SERVER, 300)
        await eventually(lambda: asyncio.to_thread(lambda: box.flags() == [{b"\\Seen"}] * len(made)), 60)
    assert [found.kind for found in desk.kept] == [each.fate for each in made]
    assert len({found.external_id for found in desk.kept}) == THROUGH_THE_SERVER
    for found, each in zip(desk.kept, made, strict=True):
        assert each.says in (found.text or ""), each.place
