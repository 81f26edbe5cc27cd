"""Real servers for tests: those the environment names, else private ones from the wheels."""

import asyncio
import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import redis

from desk.store.grants import ROLES
from launch.postgres_server import start_postgres


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of a server on which databases can be made."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with private_postgres() as url:
        yield url


@contextlib.contextmanager
def private_postgres() -> Iterator[str]:
    """The address of a server of our own, whose settings a test may change."""
    # Not in pytest's folder: under root, PostgreSQL runs as another user, and each pytest that starts shuts
    # that folder to everybody else, while the servers of other runs still live in it.
    with (
        tempfile.TemporaryDirectory(prefix="civicdesk-test-", dir="/tmp") as folder,
        _running(Path(folder)) as url,
    ):
        yield url


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[str]:
    server = start_postgres(folder / "postgres")
    url = str(server.get_uri())
    # A test's data may be lost with the machine; writing it down safely is most of a test's time.
    run_sql(
        url,
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET max_connections = 200",
        "SELECT pg_reload_conf()",
    )
    try:
        yield url
    finally:
        server.cleanup()


class PrivateRedis:
    """A Redis of our own that can die and come back at the same address."""

    def __init__(self, folder: Path) -> None:
        # A socket path may be 107 bytes at most; pytest's folders are longer.
        self._socket = Path("/tmp") / f"civicdesk-test-{os.getpid()}-{abs(hash(folder)):x}.sock"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        """Start and wait until it answers."""
        from launch.redis_server import redis_server

        arguments = [
            "--port",
            "0",
            "--unixsocket",
            str(self._socket),
            "--save",
            "",
            "--dir",
            str(self._folder),
        ]
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen([redis_server(), *arguments], stdout=log, stderr=log)
        client = redis.Redis(unix_socket_path=str(self._socket))
        end = time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert self._process.poll() is None and time.monotonic() < end, "Redis did not start"
                time.sleep(0.01)
        client.close()

    def kill(self) -> None:
        """Without warning, like a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop and leave nothing."""
        self.kill()
        self._socket.unlink(missing_ok=True)


def run_sql(url: str, *statements: str) -> None:
    """Run statements one after the other, outside any transaction."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def as_role(url: str, role: str) -> str:
    """The same database as one of the processes' roles; its password, if there is one, is the owner's."""
    parts = urlsplit(url)
    _, colon, rest = parts.netloc.partition(":") if "@" in parts.netloc else ("", "", parts.netloc)
    return urlunsplit(parts._replace(netloc=f"{role}{colon}{rest}"))


def make_roles(url: str) -> None:
    """Make the processes' roles on this server, where they are missing. Before `migrate`, which gives them their rights."""
    password = (urlsplit(url).password or "").replace("'", "''")
    for role in ROLES:
        run_sql(
            url,
            # Another run of tests on this server may make it at the same moment.
            f"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{password}'; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        )
