"""The arithmetic of the load benchmarks: a wrong table is worse than none."""

import asyncio
import contextlib
import json
from pathlib import Path

import pytest

from bench import report, scale
from bench.report import Row, keep
from bench.scale import Costs, Place, plan
from bench.support.processes import BenchError
from bench.support.raw_http import Connection, post_all, post_bytes

COSTS = Costs(gateway=2.0, worker=3.0, postgres=4.0, bot=10.0, window=20.0, stored=2.0)


def test_the_model_is_plain_arithmetic() -> None:
    # 7,200 contacts an hour, 5 messages each: 10 messages a second; 1,200 windows of ten minutes.
    found = plan(Place("x", 7_200, 1_000, ""), COSTS)
    assert (found.messages, found.windows) == (10.0, 1_200.0)
    assert (found.gateways, found.workers, found.bots) == (2, 2, 2)  # one does it, one is spare
    assert found.postgres == pytest.approx(10 * 0.004 / 0.6)
    assert found.stored == pytest.approx(1_000 * 10 * 2 / 2**20)


def test_windows_alone_may_ask_for_gateways() -> None:
    assert plan(Place("x", 720_000, 0, ""), Costs(0.001, 1, 1, 1, 20, 2)).gateways == 13


def test_ten_times_the_messages_are_ten_times_the_work() -> None:
    small, large = (plan(Place("x", 1e6 * times, 1e6, ""), COSTS) for times in (1, 10))
    assert large.bots - 1 == pytest.approx(10 * (small.bots - 1), abs=10)


def test_a_figure_that_is_missing_is_named() -> None:
    with pytest.raises(LookupError, match="make bench-message-cost"):
        scale.costs([])


def test_a_bench_replaces_its_own_rows_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "FOLDER", tmp_path)

    def row(name: str, ours: float) -> Row:
        return Row(name, ours, 0, "none", 0, 0, "lower", "ms")

    keep("idle", [row("a", 1), row("b", 2)])
    keep("idles", [row("a", 3)])
    kept = json.loads(keep("idle", [row("a", 4)]).read_text())
    assert {(one["name"], one["ours"]) for one in kept} == {("idles: a", 3), ("idle: a", 4)}


async def test_the_load_generator_believes_no_answer_but_200() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError), contextlib.closing(writer):
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(2)
                status = 200 if body == b"ok" and b"X-Mark: 1" in head else 503
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 3\r\n\r\nabc".encode())

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    good = post_bytes(f"{url}/x", b"ok", {"X-Mark": "1"})
    try:
        took, seconds = await post_all([url], [good] * 7, 2)
        assert len(took) == 7 and seconds > 0
        with pytest.raises(ExceptionGroup) as raised:
            await post_all([url], [good, post_bytes(f"{url}/x", b"no", {})], 1)
        assert isinstance(raised.value.exceptions[0], BenchError)
        connection = await Connection.open(url)
        assert [await connection.ask(good), await connection.ask(good)] == [200, 200]
        connection.close()
    finally:
        server.close()
        await server.wait_closed()
