"""The private engines: they start, keep their data, and do not start if servers are configured."""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from launch import LaunchError
from launch.embedded import Engines, _forget_dead_handles


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_engines_start_and_the_database_keeps_what_it_holds(tmp_path: Path) -> None:
    engines = Engines(tmp_path, {})
    url = engines.environ["DATABASE_URL"]  # known before anything runs
    refused: set[str] = set()
    came = threading.Event()
    waiting = threading.Thread(target=_wait_for, args=(url, refused, came))
    waiting.start()
    with engines:
        waiting.join(60)
        assert came.is_set()
        # Connection refused, and never "there is no such database", after which a gateway gives up.
        assert refused <= {"FileNotFoundError"}
        asyncio.run(run(url, "CREATE TABLE kept AS SELECT 7 AS seven"))

        async def ping() -> bool:
            async with redis.asyncio.from_url(engines.environ["REDIS_URL"]) as client:
                return bool(await client.ping())

        assert asyncio.run(ping())
    with Engines(tmp_path, {}) as engines:
        assert asyncio.run(run(engines.environ["DATABASE_URL"], "SELECT seven FROM kept")) == 7


def _wait_for(url: str, refused: set[str], came: threading.Event) -> None:
    async def ask() -> None:
        async with asyncio.timeout(60):
            while not came.is_set():
                try:
                    await (await asyncpg.connect(url)).close()
                    came.set()
                except (OSError, asyncpg.PostgresError) as error:
                    refused.add(type(error).__name__)
                    await asyncio.sleep(0.01)

    asyncio.run(ask())


def test_who_is_stopped_starts_nothing_any_more(tmp_path: Path) -> None:
    engines = Engines(tmp_path, {})
    engines.stop()
    engines.start()
    assert list(tmp_path.iterdir()) == []


def test_a_deep_folder_gets_sockets_elsewhere_and_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    before = set(tmp_path.iterdir())
    engines = Engines(deep, {"DATABASE_URL": "postgresql://db.example/civicdesk"})
    with engines, redis.from_url(engines.environ["REDIS_URL"]) as client:
        assert client.ping()
    assert set(tmp_path.iterdir()) == before


def test_given_servers_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db.example/civicdesk", "REDIS_URL": "redis://redis.example"}
    with Engines(tmp_path / "var", given) as engines:
        assert engines.environ == given
    assert not (tmp_path / "var").exists()


def test_another_users_files_in_the_temporary_folder_are_a_sentence_and_never_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"civicdesk-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(LaunchError, match=r"did not start \(.*belongs to somebody else\)"),
        Engines(tmp_path / "var", {"REDIS_URL": "redis://redis.example"}),
    ):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_lock_of_all_users_is_left_alone(tmp_path: Path) -> None:
    """The wheel would make it where every user of the machine meets, and the first would shut out the others."""
    code = (
        "import sys; from pathlib import Path; from launch.embedded import Engines\n"
        "with Engines(Path(sys.argv[1]), {'REDIS_URL': 'redis://redis.example'}): pass"
    )
    environ = {**os.environ, "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": ""}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "var")], env=environ, check=True)
    assert not (tmp_path / ".lockfile").exists()
    assert (tmp_path / f"civicdesk-{os.geteuid()}" / "python_PostgresServer" / ".lockfile").exists()


@pytest.mark.parametrize("left", ["", "[1, 99", "[]"])
def test_a_list_of_users_that_was_cut_off_does_not_stop_the_start(tmp_path: Path, left: str) -> None:
    """Of a machine that lost its power in the middle of writing it."""
    handles = tmp_path / "handles.json"
    handles.write_text(left)
    _forget_dead_handles(handles)
    assert handles.read_text() == "[]"
