"""The whole product for a benchmark: embedded engines, a given number of each process, ports of its own."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.support.processes import BenchError, Running, free_port, wait_for
from bench.support.usage import processor_seconds
from desk.store.migrate import migrate
from launch.embedded import Engines
from launch.secrets import secret_files

PATIENCE = 180.0  # seconds until the slowest process is ready: the bot, which loads its model


@dataclass(frozen=True)
class Shape:
    """How many of each process. Without bots there are no actions either; `bot_url` may then name the bench's own bot.

    Each worker has its own bot if there are as many bots as workers; `environ` is added to every process."""

    gateways: int = 1
    workers: int = 1
    bots: int = 1
    quick_bot: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Product:
    """The running product. `urls` are those of the gateways, `environ` was given to every process."""

    urls: list[str]
    environ: dict[str, str]
    folder: Path
    running: dict[str, Running]

    @property
    def url(self) -> str:
        """The URL of the first gateway."""
        return self.urls[0]

    @property
    def database(self) -> str:
        """DATABASE_URL."""
        return self.environ["DATABASE_URL"]

    def pids(self, kind: str) -> list[int]:
        """The ids of the processes whose name starts with this."""
        return [one.pid for name, one in self.running.items() if name.startswith(kind)]

    def spent(self) -> dict[str, float]:
        """Processor seconds (user and system) so far, by kind of process, including both engines."""
        spent = {
            kind: sum(processor_seconds(pid) for pid in self.pids(kind))
            for kind in ("gateway", "worker", "bot", "actions", "quick")
            if self.pids(kind)
        }
        postmaster = self.folder / "postgres" / "postmaster.pid"
        if postmaster.exists():
            spent["postgres"] = processor_seconds(int(postmaster.read_text().split()[0]), family=True)
        return spent


def bot_python() -> str:
    """The interpreter in which Rasa is installed."""
    return os.environ.get("CIVICDESK_BOT_PYTHON") or str(Path(".venv-bot/bin/python").absolute())


@contextmanager
def product(folder: Path, logs: Path, first_port: int, shape: Shape | None = None) -> Iterator[Product]:
    """Start everything, yield the product, stop everything. Raises BenchError, LaunchError."""
    shape = shape or Shape()
    ports = _ports(first_port)
    gateways = [next(ports) for _ in range(shape.gateways)]
    bots = [next(ports) for _ in range(1 if shape.quick_bot else shape.bots)]
    actions = next(ports)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVICDESK_")}
    environ = {name: value for name, value in kept.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    urls = [f"http://127.0.0.1:{port}" for port in gateways]
    with Engines(folder, environ) as engines, ExitStack() as stack:
        environ |= engines.environ
        environ |= secret_files(folder / "secrets", environ)
        environ |= {
            "CIVICDESK_HOST": "127.0.0.1",
            "CIVICDESK_PUBLIC_URL": urls[0],
            "CIVICDESK_BOT_URL": f"http://127.0.0.1:{bots[0] if bots else actions}",
            "CIVICDESK_ACTIONS_PORT": str(actions),
            "CIVICDESK_ACTIONS_URL": f"http://127.0.0.1:{actions}",
            "CIVICDESK_OPEN311_URL": f"{urls[0]}/open311/v2",
            "CIVICDESK_MEDIA_DIR": str(folder / "media"),
            # Here all clients share one address; in production they do not.
            "CIVICDESK_RATE_SCALE": "1000",
            "PYTHONPATH": str(Path.cwd()),
            "PYTHONUNBUFFERED": "1",
        } | dict(shape.environ)
        asyncio.run(migrate(environ["DATABASE_URL"]))
        running = _processes(shape, environ, logs, gateways, bots)
        for one in running.values():
            stack.enter_context(one)
        ready = [f"{url}/ready" for url in urls]
        if shape.bots and not shape.quick_bot:
            ready.append(f"http://127.0.0.1:{actions}/health")
        ready += [f"http://127.0.0.1:{port}/webhooks/civicdesk/ready" for port in bots]
        for address in ready:
            wait_for(address, running, logs, PATIENCE)
        yield Product(urls, environ, folder, running)


def _processes(
    shape: Shape, environ: Mapping[str, str], logs: Path, gateways: list[int], bots: list[int]
) -> dict[str, Running]:
    running = {}

    def add(name: str, python: str, module: str, **own: str) -> None:
        command = [python, "-m", module]
        running[name] = Running(name, command, {**environ, **own}, logs / f"product-{name}.log")

    if shape.quick_bot:
        add("quick-0", sys.executable, "bench.support.quick_bot", CIVICDESK_BOT_PORT=str(bots[0]))
    elif bots:
        for number, port in enumerate(bots):
            add(f"bot-{number}", bot_python(), "bot", CIVICDESK_BOT_PORT=str(port))
        add("actions-0", sys.executable, "actions")
    for number, port in enumerate(gateways):
        add(f"gateway-{number}", sys.executable, "gateway", CIVICDESK_PORT=str(port))
    for number in range(shape.workers):
        own = {"CIVICDESK_BOT_URL": f"http://127.0.0.1:{bots[number % len(bots)]}"} if bots else {}
        add(f"worker-{number}", sys.executable, "desk.worker", **own)
    return running


def _ports(start: int) -> Iterator[int]:
    port = start - 1
    while port < start + 150:
        port = free_port(port + 1)
        yield port
    raise BenchError(f"No port from {start} on is free. Stop what uses them and run this again.")
