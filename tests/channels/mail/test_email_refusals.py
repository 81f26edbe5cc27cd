"""A server that does not give one mail, or does not mark it: the mail is set aside, and the others come at once."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from tests.support.mail_desk import QUICK, Desk, listening
from tests.support.mail_side import channel, mail
from tests.support.plain_imap import PlainImap, plain_imap
from tests.support.waiting import eventually

SEEN, FLAGGED = {b"\\Seen"}, {b"\\Flagged"}


def mails(count: int) -> list[bytes]:
    return [mail(f"mail {number}", Message_ID=f"<{number}@x>") for number in range(1, count + 1)]


async def flagged(box: PlainImap, wanted: list[set[bytes]]) -> None:
    async with asyncio.timeout(30):
        while box.flags != wanted:
            box.changed.clear()
            await box.changed.wait()


async def test_a_mail_that_the_server_refuses_is_set_aside_and_stops_no_other() -> None:
    async with plain_imap(*mails(3)) as box:
        box.refused = {1}
        async with listening(channel(imap_port=str(box.port), patience=QUICK)) as desk:
            await flagged(box, [FLAGGED, SEEN, SEEN])
            await desk.until(lambda: len(desk.kept) == 3)
        assert box.sessions == 1, "an answer to one command is no reason to sign in again"
    assert [one.text for one in desk.kept[:2]] == ["mail 2", "mail 3"]
    told = desk.kept[2]
    assert told.kind == "ignored" and told.contact == "" and told.raw is not None, (
        "nothing is known of it but where it is"
    )


async def test_many_refused_mails_in_a_row_stop_no_other() -> None:
    async with plain_imap(*mails(6)) as box:
        box.refused = {1, 2, 3, 4, 5}
        async with listening(channel(imap_port=str(box.port), patience=QUICK)) as desk:
            await flagged(box, [FLAGGED] * 5 + [SEEN])
            await desk.until(lambda: len(desk.kept) == 6)
        assert desk.kept[0].text == "mail 6"


async def test_a_mail_that_is_listed_and_not_given_is_set_aside_and_told() -> None:
    async with plain_imap(*mails(2)) as box:
        box.empty = {1}
        async with listening(channel(imap_port=str(box.port), patience=QUICK)) as desk:
            await flagged(box, [FLAGGED, SEEN])
            await desk.until(lambda: len(desk.kept) == 2)
            await eventually(lambda: not desk.tries.tries)
        assert [one.kind for one in desk.kept] == ["message", "ignored"]


async def test_a_server_that_hangs_up_over_some_mails_is_asked_for_the_others_at_once() -> None:
    """However often it hangs up: each time it gave another mail before."""
    patience = replace(QUICK, first=0.01, longest=3_600)
    async with plain_imap(*mails(16)) as box:
        box.drops = set(range(2, 17, 2))
        async with listening(channel(imap_port=str(box.port), patience=patience)) as desk:
            await desk.has(8, 20)
        assert [one.text for one in desk.kept[:8]] == [f"mail {number}" for number in range(1, 17, 2)]


async def test_a_server_that_hangs_up_over_one_mail_gives_the_others() -> None:
    async with plain_imap(*mails(3)) as box:
        box.drops = {1}
        async with listening(channel(imap_port=str(box.port), patience=QUICK)) as desk:
            await desk.has(2)
            assert [one.text for one in desk.kept] == ["mail 2", "mail 3"]


async def test_a_mail_that_cannot_be_marked_is_kept_once() -> None:
    async with plain_imap(*mails(2)) as box:
        box.unmarkable = {1}
        async with listening(channel(imap_port=str(box.port), patience=QUICK)) as desk:
            await flagged(box, [set(), SEEN])
            before = len(box.asked)
            box.unmarkable = set()
            await eventually(lambda: not desk.tries.tries)
            # Several rounds more: it is not read again by this process.
            searches = box.searches
            while box.searches < searches + 3:
                box.changed.clear()
                await box.changed.wait()
            assert len(box.asked) == before
    assert [one.text for one in desk.kept] == ["mail 1", "mail 2"]


async def test_a_server_that_refuses_everything_is_in_trouble_and_no_mail_is_at_fault() -> None:
    async with plain_imap(*mails(4)) as box:
        box.refused = {1, 2, 3, 4}
        desk = Desk(channel(imap_port=str(box.port), patience=QUICK))
        task = asyncio.create_task(desk.listen())
        async with asyncio.timeout(30):
            while box.sessions < 4:  # it signed in again each time, and set nothing aside
                box.changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await box.changed.wait()
        assert box.flags == [set()] * 4 and not desk.kept
        box.refused = set()
        await desk.has(4)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert sorted(one.text or "" for one in desk.kept) == [f"mail {number}" for number in range(1, 5)]
