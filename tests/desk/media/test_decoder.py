"""The process that opens photos: its limits are the kernel's, and whatever ends it, the next photo finds a new one."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
import yaml

from desk.media.decoder import PhotoDecoder
from desk.media.decoding.limits import ADDRESS_BYTES, DATA_BYTES
from desk.media.photos import TO_KEEP, TO_SEND, BadPhoto, Fit
from desk.media.waiting_line import WaitingLine
from tests.support import memory, photos


class Bench:
    """A folder with a photo, and a decoder for it."""

    def __init__(self, decoder: PhotoDecoder, folder: Path) -> None:
        self.decoder, self.target = decoder, folder / "made"
        self.source = folder / "sent"
        self.source.write_bytes(photos.jpeg())

    async def decode(self, fit: Fit = TO_KEEP, who: str = "somebody") -> str:
        return await self.decoder.decode(self.source, self.target, fit, who)


@pytest.fixture
def bench(decoder: PhotoDecoder, tmp_path: Path) -> Bench:
    return Bench(decoder, tmp_path)


async def test_one_process_serves_many_and_knows_no_secret(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:secret@db/desk")
    assert await bench.decode() == "image/jpeg"
    first = bench.decoder.process_id
    assert await bench.decode(TO_SEND) == "image/jpeg"
    assert bench.decoder.process_id == first
    environment = Path(f"/proc/{first}/environ").read_bytes()
    assert b"PYTHONPATH=" in environment and b"secret" not in environment and b"DATABASE" not in environment


async def test_the_kernel_holds_it_to_its_limits(bench: Bench) -> None:
    await bench.decode()
    limits = Path(f"/proc/{bench.decoder.process_id}/limits").read_text()
    found = {line[:26].strip(): line[26:47].strip() for line in limits.splitlines()}
    assert found["Max data size"] == str(DATA_BYTES)
    assert found["Max address space"] == str(ADDRESS_BYTES)
    assert found["Max core file size"] == "0" and found["Max processes"] == "0"
    assert found["Max cpu time"] != "unlimited" and found["Max file size"] != "unlimited"
    assert Path(f"/proc/{bench.decoder.process_id}/oom_score_adj").read_text().strip() == "1000"


def test_two_processes_fit_into_what_the_containers_have() -> None:
    """The gateway and the worker take 120 MB by themselves (tests/gateway/ops/test_process.py)."""
    compose = yaml.safe_load(Path("docker-compose.yml").read_text())["services"]
    for name in ("gateway", "worker"):
        assert compose[name]["mem_limit"] == "512m"
        chart = Path(f"deploy/helm/civicdesk/templates/{name}.yaml").read_text()
        assert "limits: {memory: 512Mi}" in chart
    assert DATA_BYTES + 200 * memory.MB <= 512 * memory.MB


async def test_more_memory_than_the_limit_ends_in_an_error_and_not_in_a_dead_machine() -> None:
    """The backstop by itself: what a decoder would take that the budget did not foresee."""
    take = "from desk.media.decoding.limits import *; limit_process(); bytearray(DATA_BYTES)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", take, stderr=asyncio.subprocess.PIPE, env={"PYTHONPATH": os.getcwd()}
    )
    _, said = await process.communicate()
    assert process.returncode == 1 and b"MemoryError" in said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGXCPU])
async def test_a_process_that_died_is_replaced(bench: Bench, number: signal.Signals) -> None:
    await bench.decode()
    first = bench.decoder.process_id
    assert first is not None
    os.kill(first, number)
    while Path(f"/proc/{first}/exe").exists():
        await asyncio.sleep(0.01)
    for _ in range(2):  # the first may find the pipe of the dead one
        try:
            assert await bench.decode() == "image/jpeg"
            break
        except BadPhoto as error:
            assert error.code == "photo_damaged"
    assert bench.decoder.process_id not in (None, first)


async def test_one_that_dies_in_the_middle_gives_a_sentence(bench: Bench) -> None:
    bench.source.write_bytes(photos.photograph(4_000, 3_000))
    await bench.decode()
    first = bench.decoder.process_id
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # in the middle of a photo, as far as we can tell
    waiting = asyncio.create_task(bench.decode())
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(BadPhoto) as refused:
        await waiting
    assert refused.value.code == "photo_damaged" and "Send another one" in str(refused.value)
    assert await bench.decode() == "image/jpeg"


async def test_who_hangs_up_leaves_no_work_behind(bench: Bench) -> None:
    await bench.decode()
    first = bench.decoder.process_id
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    waiting = asyncio.create_task(bench.decode())
    await asyncio.sleep(0.05)  # long enough to reach the child; a shorter wait only tests less
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not Path(f"/proc/{first}/exe").exists(), (
        "killed and reaped, though it was in the middle of something"
    )
    assert await bench.decode() == "image/jpeg"


async def test_the_longest_wait_ends_in_a_sentence(tmp_path: Path) -> None:
    decoder = PhotoDecoder(WaitingLine(most=1, patience=0.05))
    bench = Bench(decoder, tmp_path)
    await bench.decode()
    child = decoder.process_id
    assert child is not None
    os.kill(child, signal.SIGSTOP)
    busy = asyncio.create_task(bench.decode())
    await asyncio.sleep(0)
    with pytest.raises(BadPhoto) as refused:
        await bench.decode()
    assert refused.value.code == "photo_busy" and refused.value.retry_after
    os.kill(child, signal.SIGCONT)
    assert await busy == "image/jpeg"
    await decoder.close()


async def test_an_idle_process_ends_and_another_begins(tmp_path: Path) -> None:
    decoder = PhotoDecoder(idle=0.05)
    bench = Bench(decoder, tmp_path)
    await bench.decode()
    first = decoder.process_id
    async with asyncio.timeout(20):
        while decoder.process_id is not None or Path(f"/proc/{first}/exe").exists():
            await asyncio.sleep(0.01)
    assert await bench.decode() == "image/jpeg"
    await decoder.close()
