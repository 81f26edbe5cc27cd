"""Runs a private PostgreSQL and a private Redis from wheels, for machines that have neither configured.

Both addresses are known before anything runs, so that a process that can wait for its engines may start
first.
"""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from launch import LaunchError
from launch.postgres_server import start_postgres
from launch.redis_server import redis_server, wait_for_redis

DATABASE = "civicdesk"
ROLES = ("civicdesk_gateway", "civicdesk_worker", "civicdesk_bot", "civicdesk_trainer")
"""As in desk/store/grants.py, which is not imported here: the launcher must be quick."""
SOCKET = ".s.PGSQL.5432"  # the name of every PostgreSQL server's socket
LONGEST_PATH = 100  # a socket's path may have at most 107 bytes


class Engines:
    """`environ` holds both addresses at once; `start` starts the engines the environment does not name,
    `stop` stops them.

    As a context manager it does both. The database's address is a symbolic link that is created last, once
    the database exists: until then clients find no server, and never a server without the database.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder.absolute()
        self.environ: dict[str, str] = {
            name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)
        }
        self._given = frozenset(self.environ)
        self._redis_socket = _short(self.folder / "redis", "redis.sock")
        self._database_socket = _short(self.folder / "database", SOCKET)
        self.environ.setdefault("REDIS_URL", f"unix://{self._redis_socket}")
        self.environ.setdefault(
            "DATABASE_URL",
            f"postgresql://postgres:@/{DATABASE}?host={quote(str(self._database_socket.parent))}",
        )
        self.role_urls: dict[str, str] = {}
        """The address for each role of ROLES, where the database is the embedded one."""
        if "DATABASE_URL" not in self._given:
            owner = self.environ["DATABASE_URL"]
            self.role_urls = {role: owner.replace("//postgres:", f"//{role}:", 1) for role in ROLES}
        self._postgres: Any = None
        self._redis: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the engines that are needed and return when they serve. Raises LaunchError with a sentence.

        After `stop`, which may be called from another thread, nothing is started any more.
        """
        for name, start in (("REDIS_URL", self._start_redis), ("DATABASE_URL", self._start_postgres)):
            with self._changing:
                if name not in self._given and not self._stopped:
                    start()

    def stop(self) -> None:
        """Stop what `start` started; waits for an engine that is still starting."""
        with self._changing:
            self._stopped = True
            if self._redis is not None:
                self._redis.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._redis.wait(10)
                self._redis = None
            if self._postgres is not None:
                self._postgres.cleanup()
                self._postgres = None
            for path in (self._redis_socket, self._database_socket):
                if not path.is_relative_to(self.folder):
                    shutil.rmtree(path.parent, ignore_errors=True)

    def _start_redis(self) -> None:
        folder = self.folder / "redis"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # No port, no files: what Redis holds may be lost at any time.
        arguments = [
            *("--port", "0", "--save", "", "--dir", str(folder)),
            *("--unixsocket", str(self._redis_socket), "--unixsocketperm", "700"),
        ]
        with (folder / "redis.log").open("ab") as log:
            # Its own session: Ctrl-C goes to the whole foreground group, and the engines must stop last.
            self._redis = subprocess.Popen(
                [redis_server(), *arguments], stdout=log, stderr=log, start_new_session=True
            )
        if not wait_for_redis(self._redis_socket, self._redis):
            raise LaunchError(
                f"The private Redis did not start; {folder / 'redis.log'} says why. Or set REDIS_URL to a server of yours."
            )

    def _start_postgres(self) -> None:
        folder = self.folder / "postgres"
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not _is_running(folder):
            # A leftover address would lead to the server before its database and roles exist.
            self._database_socket.unlink(missing_ok=True)
        try:
            _forget_dead_handles(folder / ".handle_pids.json")
            self._postgres = start_postgres(folder)
            url = str(self._postgres.get_uri())
            asyncio.run(_ensure_database(url))
            self._publish_socket(Path(url.split("?host=", 1)[1]) / SOCKET)
        except (OSError, RuntimeError, subprocess.SubprocessError, AssertionError) as error:
            raise LaunchError(
                f"The private PostgreSQL did not start ({_named(error)}); {folder / 'log'} says more if it is there. "
                "Or set DATABASE_URL to a server of yours."
            ) from None

    def _publish_socket(self, socket: Path) -> None:
        self._database_socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Atomically: another launcher on this folder may already have processes that use the address.
        new = self._database_socket.with_name(f"{os.getpid()}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(socket)
        new.replace(self._database_socket)


def _short(folder: Path, name: str) -> Path:
    # A deep checkout needs another location for its sockets, one that nobody else can have created before.
    if len(os.fsencode(folder / name)) <= LONGEST_PATH:
        return folder / name
    import tempfile

    return Path(tempfile.mkdtemp(prefix="civicdesk-")) / name


def _named(error: BaseException) -> str:
    # For a refused file, the reason and the path; otherwise only the kind, as the text is pages of commands.
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {os.fsdecode(error.filename or '')}".rstrip(": ")
    return str(error) if isinstance(error, PermissionError) else type(error).__name__


def _is_running(folder: Path) -> bool:
    """Whether a server is using this data folder, such as one started by another launcher."""
    try:
        pid = (folder / "postmaster.pid").read_text().split("\n", 1)[0]
    except OSError:
        return False
    return pid.isdigit() and Path(f"/proc/{pid}").exists()


def _forget_dead_handles(path: Path) -> None:
    # The server stops with its last handle; one left by a launcher that was killed would keep it running
    # forever.
    if path.exists():
        known: list[int] = []
        with contextlib.suppress(ValueError):  # a truncated write: then no handle is known
            known = json.loads(path.read_text() or "[]")
        path.write_text(json.dumps([pid for pid in known if Path(f"/proc/{pid}").exists()]))


async def _ensure_database(url: str) -> None:
    """Create the database and the roles of the processes, as deploy/postgres/roles.sql does, but without
    passwords: the server listens on a Unix socket only, and its owner has none either."""
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
        there = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for role in ROLES:
            if role not in there:
                await connection.execute(f"CREATE ROLE {role} LOGIN")
        names = ", ".join(ROLES)
        await connection.execute(
            f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC; GRANT CONNECT ON DATABASE {DATABASE} TO {names}"
        )
    finally:
        await connection.close()
    inside = await asyncpg.connect(url, database=DATABASE)
    try:
        await inside.execute(
            f"REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {names}"
        )
    finally:
        await inside.close()
