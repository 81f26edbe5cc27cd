"""The child process that reads mails: reused, confined, replaced when it hits a limit, and it never delays the next mail."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from channels.base import MalformedPayload, RetryLater
from channels.mail.reader import Limits, MailReader, ReaderDied, TooCostly
from channels.mail.reading.limits import MAIL_BYTES
from tests.channels.mail.hostile_mails import MAILS
from tests.support.mail_side import fixture, mail

SMALL = Limits(cpu_seconds=1, deadline=20.0, memory=80 * 1024 * 1024)
MISREADING = "tests.channels.mail.misreading"


class Pieces:
    """A mail as a mailbox gives it."""

    def __init__(self, raw: bytes, size: int = 4_000_000) -> None:
        self._raw = raw[:MAIL_BYTES]
        self._size = size
        self.cut = len(raw) > MAIL_BYTES

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for place in range(0, len(self._raw), self._size):
            yield self._raw[place : place + self._size]


@asynccontextmanager
async def reading(limits: Limits = Limits(), module: str | None = None) -> AsyncIterator[MailReader]:  # noqa: B008  (it is frozen)
    reader = MailReader(limits, module) if module else MailReader(limits)
    try:
        yield reader
    finally:
        await reader.close()


def pid(reader: MailReader) -> int:
    assert reader._process is not None
    return reader._process.pid


async def test_one_child_reads_many_mails_and_gives_plain_data() -> None:
    async with reading() as reader:
        first = await reader.read(Pieces(mail("one"), size=7))
        child = pid(reader)
        photo = await reader.read(Pieces(fixture("photo")))
        assert (first.text, first.sender) == ("one", "ana.diaz@mail.example")
        assert [image.content_type for image in photo.images] == ["image/jpeg"]
        assert (await reader.image(Pieces(fixture("photo")), 0) or b"").startswith(b"\xff\xd8")
        assert await reader.image(Pieces(fixture("photo")), 2) is None
        with pytest.raises(MalformedPayload):
            await reader.read(Pieces(b"\r\n\r\nno header"))
        assert pid(reader) == child


async def test_it_has_no_secret_of_ours_and_may_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICDESK_SECRET", "a secret of the worker")
    async with reading() as reader:
        await reader.read(Pieces(mail("one")))
        process = Path(f"/proc/{pid(reader)}")
        assert b"CIVICDESK" not in (process / "environ").read_bytes()
        limits = {
            line[:26].strip(): line[26:].split()[:2] for line in (process / "limits").read_text().splitlines()
        }
        assert limits["Max file size"] == ["0", "0"] and limits["Max core file size"] == ["0", "0"]
        memory = str(Limits().memory)
        assert limits["Max address space"] == [memory, memory]
        assert int(limits["Max cpu time"][0]) <= Limits().cpu_seconds + 5
        assert (process / "oom_score_adj").read_text().strip() == "1000"


@pytest.mark.parametrize(
    ("word", "reason"), [("LOOP", "time"), ("GROW", "memory")], ids=["a loop", "a hoard"]
)
async def test_a_limit_ends_the_reading_and_not_the_reader(word: str, reason: str) -> None:
    async with reading(SMALL, MISREADING) as reader:
        await reader.read(Pieces(mail("fine")))
        before = pid(reader)
        with pytest.raises(TooCostly, match=reason):
            await reader.read(Pieces(mail(word)))
        assert (await reader.read(Pieces(mail("fine again")))).text == "fine again"
        assert pid(reader) != before


@pytest.mark.parametrize("word", ["DIE", "BREAK", "NONSENSE"])
async def test_a_child_that_dies_or_breaks_is_replaced(word: str) -> None:
    async with reading(SMALL, MISREADING) as reader:
        with pytest.raises(ReaderDied) as died:
            await reader.read(Pieces(mail(word)))
        assert word not in str(died.value), "no word of the mail gets into a log"
        assert (await reader.read(Pieces(mail("fine")))).text == "fine"


async def test_a_child_that_says_nothing_is_not_waited_for_longer_than_its_deadline() -> None:
    limits = Limits(deadline=3.0)
    async with reading(limits, MISREADING) as reader:
        await reader.read(Pieces(mail("fine")))
        with pytest.raises(ReaderDied, match="no answer"):
            await reader.read(Pieces(mail("HANG")))
        assert (await reader.read(Pieces(mail("fine")))).text == "fine"


async def test_cancelled_in_the_middle_it_leaves_no_half_answer_for_the_next_mail() -> None:
    async with reading(SMALL, MISREADING) as reader:
        await reader.read(Pieces(mail("fine")))
        before = pid(reader)
        task = asyncio.create_task(reader.read(Pieces(mail("HANG"))))
        await asyncio.sleep(0)
        while reader._lock.locked() is False:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert (await reader.read(Pieces(mail("next")))).text == "next"
        assert pid(reader) != before
    await _until(lambda: not _lives(before))


async def test_a_reader_that_cannot_be_started_is_no_fault_of_the_mail() -> None:
    async with reading(SMALL, "tests.channels.no_such_module") as reader:
        with pytest.raises(RetryLater):
            await reader.read(Pieces(mail("fine")))


async def test_an_idle_child_is_ended() -> None:
    async with reading(Limits(idle=0.01)) as reader:
        await reader.read(Pieces(mail("one")))
        child = pid(reader)
        await _until(lambda: reader._process is None and not _lives(child))
        assert (await reader.read(Pieces(mail("two")))).text == "two"


@pytest.mark.slow
@pytest.mark.parametrize("name", MAILS)
async def test_every_hostile_mail_is_read_within_the_limits(name: str) -> None:
    """The limits are the bound on work: 160 MB of address space, the code of Python included, and 5 s of the processor."""
    async with reading() as reader:
        read = await reader.read(Pieces(MAILS[name]()))
    assert read.message_id == "<m1@mail.example>"


@pytest.mark.slow
async def test_the_largest_mail_is_read_and_what_is_beyond_is_told() -> None:
    body = b"--b\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body += (b"/" * 76 + b"\r\n") * 120_000 + b"\r\n"
    raw = mail("", Content_Type="multipart/mixed; boundary=b") + body * 5
    assert len(raw) > MAIL_BYTES
    async with reading() as reader:
        read = await reader.read(Pieces(raw))
        assert len(read.images) == 4 and read.unread == ("bytes",)
        assert len(await reader.image(Pieces(raw), 2) or b"") == 120_000 * 57


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not done():
            await asyncio.sleep(0.01)


def _lives(child: int) -> bool:
    try:
        os.kill(child, 0)
    except ProcessLookupError:
        return False
    return True
