"""A PDF is kept once the virus scanner has called it clean, and not otherwise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.photos import BadPhoto
from desk.media.scanner import Scanner
from tests.support import photos
from tests.support.clamav import EICAR, Clamd, clamd

CLEAN = b"%PDF-1.7\n" + b"x" * 200_000 + b"\n%%EOF\n"
INFECTED = CLEAN.replace(b"x" * 68, EICAR, 1)


async def kept(folder: Path, scanner: Scanner, data: bytes) -> str:
    """The content type of what was kept, or the code of the refusal."""

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    decoder = PhotoDecoder()
    files = MediaFiles(folder, decoder, free_bytes=0, scanner=scanner)
    try:
        return (await files.keep_photo(chunks(), 1_000_000, who="one", documents=True)).content_type
    except BadPhoto as error:
        assert "Send" in str(error)
        return error.code
    finally:
        await decoder.close()
        assert not list((folder / "incoming").iterdir())


async def test_a_clean_pdf_is_kept_and_an_infected_one_is_not(tmp_path: Path) -> None:
    async with clamd() as daemon:
        scanner = Scanner("127.0.0.1", daemon.port)
        assert await kept(tmp_path, scanner, CLEAN) == "application/pdf"
        assert await kept(tmp_path, scanner, INFECTED) == "document_unsafe"
        assert daemon.scanned == 2 and len(list(tmp_path.glob("*.pdf"))) == 1
        assert await kept(tmp_path, scanner, photos.jpeg()) == "image/jpeg"
        assert daemon.scanned == 2, "a photo is encoded anew and needs no scan"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"OK\0",
        b"x" * 5_000,
        b"UNKNOWN COMMAND\0",
    ],
)
async def test_what_was_not_called_clean_is_not_kept(tmp_path: Path, answer: bytes) -> None:
    async with clamd() as daemon:
        daemon.answer = answer
        scanner = Scanner("127.0.0.1", daemon.port)
        assert await kept(tmp_path, scanner, CLEAN) == "not_scanned"


async def test_without_its_daemon_nothing_is_kept(tmp_path: Path) -> None:
    async with clamd() as daemon:
        port = daemon.port
    assert await kept(tmp_path, Scanner("127.0.0.1", port), CLEAN) == "not_scanned"


async def test_a_daemon_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    scanner = Scanner("127.0.0.1", server.sockets[0].getsockname()[1], seconds=0.2)
    assert await kept(tmp_path, scanner, CLEAN) == "not_scanned"
    server.close()


async def test_one_sender_does_not_take_all_scans(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(CLEAN)
    held, released = asyncio.Event(), asyncio.Event()

    class Slow(Clamd):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            held.set()
            await released.wait()
            await super().serve(reader, writer)

    daemon = Slow()
    server = await asyncio.start_server(daemon.serve, "127.0.0.1", 0)
    scanner = Scanner("127.0.0.1", server.sockets[0].getsockname()[1])
    async with server, asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(scanner.check(path, "one"))
        await held.wait()
        with pytest.raises(BadPhoto, match="many photos"):
            await scanner.check(path, "one")
        other = group.create_task(scanner.check(path, "two"))
        released.set()
        await other
