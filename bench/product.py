"""The whole product for a benchmark: embedded engines, the four processes, the trained model, ports of its own."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.processes import free_port, process, wait_for
from desk.store.migrate import migrate
from launch.embedded import Engines
from launch.secrets import secret_files

PATIENCE = 180.0  # seconds for the slowest to be ready: the bot reads its model


def bot_python() -> str:
    """The interpreter that has Rasa."""
    return os.environ.get("CIVICDESK_BOT_PYTHON") or str(Path(".venv-bot/bin/python").absolute())


@contextmanager
def product(folder: Path, logs: Path, first_port: int) -> Iterator[str]:
    """Start everything, yield the gateway's address, stop everything. Raises BenchError, LaunchError."""
    gateway = free_port(first_port)
    bot = free_port(gateway + 1)
    actions = free_port(bot + 1)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVICDESK_")}
    environ = {name: value for name, value in kept.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    url = f"http://127.0.0.1:{gateway}"
    with Engines(folder, environ) as engines, ExitStack() as stack:
        environ |= engines.environ
        environ |= secret_files(folder / "secrets", environ)
        environ |= {
            "CIVICDESK_HOST": "127.0.0.1",
            "CIVICDESK_PORT": str(gateway),
            "CIVICDESK_PUBLIC_URL": url,
            "CIVICDESK_BOT_PORT": str(bot),
            "CIVICDESK_BOT_URL": f"http://127.0.0.1:{bot}",
            "CIVICDESK_ACTIONS_PORT": str(actions),
            "CIVICDESK_ACTIONS_URL": f"http://127.0.0.1:{actions}",
            "CIVICDESK_OPEN311_URL": f"{url}/open311/v2",
            "CIVICDESK_MEDIA_DIR": str(folder / "media"),
            # All clients come from one address here; a city's do not.
            "CIVICDESK_RATE_SCALE": "1000",
            "PYTHONPATH": str(Path.cwd()),
            "PYTHONUNBUFFERED": "1",
        }
        asyncio.run(migrate(environ["DATABASE_URL"]))
        running = {
            name: stack.enter_context(
                process(name, [python, "-m", module], environ, logs / f"product-{name}.log")
            )
            for name, python, module in (
                ("bot", bot_python(), "bot"),
                ("actions", sys.executable, "actions"),
                ("gateway", sys.executable, "gateway"),
                ("worker", sys.executable, "desk.worker"),
            )
        }
        for address in (
            f"{url}/ready",
            f"http://127.0.0.1:{actions}/health",
            f"http://127.0.0.1:{bot}/webhooks/civicdesk/ready",
        ):
            wait_for(address, running, logs, PATIENCE)
        yield url
