"""A private PostgreSQL and a private Redis from wheels, for machines that were given neither."""

import asyncio
import contextlib
import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis

from launch.errors import LaunchError
from launch.postgres_server import start_postgres
from launch.redis_server import redis_server

DATABASE = "civicdesk"


class Engines:
    """Starts what the environment does not name; `environ` then holds both URLs. Stops it on exit."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder.absolute()
        self.environ: dict[str, str] = {
            name: environ[name] for name in ("DATABASE_URL", "REDIS_URL") if environ.get(name)
        }
        self._postgres: Any = None
        self._redis: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            if "REDIS_URL" not in self.environ:
                self.environ["REDIS_URL"] = self._start_redis()
            if "DATABASE_URL" not in self.environ:
                self.environ["DATABASE_URL"] = self._start_postgres()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._redis is not None:
            self._redis.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._redis.wait(10)
            self._redis = None
        if self._postgres is not None:
            self._postgres.cleanup()
            self._postgres = None

    def _start_redis(self) -> str:
        folder = self.folder / "redis"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A socket path may be 107 bytes at most; a deep checkout needs a shorter one.
        socket = folder / "redis.sock"
        if len(str(socket)) > 100:
            socket = Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp")) / f"civicdesk-redis-{os.getpid()}.sock"  # noqa: S108
        log = (folder / "redis.log").open("ab")
        # No port, no files: what Redis holds may be lost at any time (DESIGN section 1).
        arguments = [
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--unixsocketperm",
            "700",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        # Its own session: Ctrl-C goes to the whole foreground group, and the engines stop last.
        self._redis = subprocess.Popen(
            [redis_server(), *arguments], stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        client = redis.Redis(unix_socket_path=str(socket))
        deadline = time.monotonic() + 20
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                if self._redis.poll() is not None or time.monotonic() > deadline:
                    raise LaunchError(
                        f"The private Redis did not start; {folder / 'redis.log'} says why. Or set REDIS_URL to a server of yours."
                    ) from None
                time.sleep(0.02)
        client.close()
        return f"unix://{socket}"

    def _start_postgres(self) -> str:
        folder = self.folder / "postgres"
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            _forget_dead_handles(folder / ".handle_pids.json")
            self._postgres = start_postgres(folder)
            url = str(self._postgres.get_uri())
            asyncio.run(_ensure_database(url))
        except (OSError, RuntimeError, subprocess.SubprocessError, AssertionError) as error:
            raise LaunchError(
                f"The private PostgreSQL did not start ({_named(error)}); {folder / 'log'} says more if it is there. "
                "Or set DATABASE_URL to a server of yours."
            ) from None
        return url.replace("/postgres?", f"/{DATABASE}?", 1)


def _named(error: BaseException) -> str:
    # Of a refused file the reason and the path; of the rest the kind alone, as its text is pages of commands.
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {os.fsdecode(error.filename or '')}".rstrip(": ")
    return str(error) if isinstance(error, PermissionError) else type(error).__name__


def _forget_dead_handles(path: Path) -> None:
    # The server stops with its last handle; one left by a launcher that was killed would keep it for ever.
    if path.exists():
        alive = [pid for pid in json.loads(path.read_text() or "[]") if Path(f"/proc/{pid}").exists()]
        path.write_text(json.dumps(alive))


async def _ensure_database(url: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()
