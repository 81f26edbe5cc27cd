"""The private engines: they start, keep what they hold, and stay away where servers are given."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from launch.embedded import Engines
from launch.errors import LaunchError


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_engines_start_and_the_database_keeps_what_it_holds(tmp_path: Path) -> None:
    import asyncio

    with Engines(tmp_path, {}) as engines:
        url = engines.environ["DATABASE_URL"]
        asyncio.run(run(url, "CREATE TABLE kept AS SELECT 7 AS seven"))

        async def ping() -> bool:
            async with redis.asyncio.from_url(engines.environ["REDIS_URL"]) as client:
                return bool(await client.ping())

        assert asyncio.run(ping())
    with Engines(tmp_path, {}) as engines:
        assert asyncio.run(run(engines.environ["DATABASE_URL"], "SELECT seven FROM kept")) == 7


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
