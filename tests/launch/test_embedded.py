"""The private engines: they start, keep what they hold, and stay away where servers are given."""

from pathlib import Path

import asyncpg
import redis.asyncio

from launch.embedded import Engines


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
