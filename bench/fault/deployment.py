"""The real processes, several of each, on one PostgreSQL and one Redis, with control over every connection between them.

A supervisor restarts a dead process after one second, as an orchestrator would.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
import yaml

from bench.fault.engines import Disk, Postgres, RedisEngine
from bench.fault.peers.database_proxy import DatabaseProxy, Trap
from bench.fault.peers.load_balancer import LoadBalancer
from bench.fault.peers.provider import Provider
from bench.fault.process import Process
from bench.support.processes import BenchError
from bench.support.product import bot_python
from desk.store.migrate import migrate
from desk.store.pool import open_store
from launch.secrets import secret_files

ROOT = Path(__file__).parents[2]
READY_SECONDS = 240.0
RESTART_SECONDS = 1.0
TURN = "/webhooks/civicdesk/turn"
BACK_END = "/open311"
ALWAYS = {
    day: ["00:00-24:00"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


class Deployment:
    """Use as `async with Deployment(folder) as deployment`. With `bot_urls`, neither bots nor actions are started."""

    def __init__(
        self,
        folder: Path,
        logs: Path,
        *,
        bot_urls: Sequence[str] = (),
        bot_secret: str | None = None,
        copies: int = 2,
    ) -> None:
        self.folder, self.logs, self.copies = folder, logs, copies
        self.disk = Disk(folder / "disk")
        self.postgres = Postgres(self.disk.folder / "postgres")
        self.redis = RedisEngine(folder / "redis", folder / "redis.sock")
        self.provider = Provider(copies)
        self.secret = secrets.token_hex(16)
        self.traps: list[Trap] = []
        self.database_proxies: dict[str, DatabaseProxy] = {}
        self.processes: dict[str, Process] = {}
        self.gateways: list[str] = []
        self.models = folder / "var" / "models"
        self._bot_urls = list(bot_urls)
        self._bot_secret = bot_secret
        self._supervisor: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        for old in self.logs.glob("*.log"):
            old.unlink()
        try:
            await self._open()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        for process in self.processes.values():
            process.kill()
        if hasattr(self, "store"):
            await self.store.close()
        for one in (*self.database_proxies.values(), *getattr(self, "balancers", ()), self.provider):
            await one.stop()
        self.redis.close()
        await asyncio.to_thread(self.postgres.close)
        self.disk.close()

    async def ready(self, *names: str, seconds: float = READY_SECONDS) -> None:
        """Wait until these processes (all, if none is named) are ready."""
        wanted = [self.processes[name] for name in names] if names else list(self.processes.values())
        end = time.monotonic() + seconds
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            for process in wanted:
                while not await _serves(http, process):
                    if time.monotonic() > end:
                        raise BenchError(f"{process.name} does not serve; {self.logs} says why.")
                    await asyncio.sleep(0.1)

    def kill(self, name: str) -> None:
        """Kill the process with SIGKILL. The supervisor restarts it."""
        self.processes[name].kill()

    async def restart(self, name: str) -> tuple[float, int]:
        """Stop the process with SIGTERM and start it again. Returns the seconds it took to end, and its exit code."""
        process = self.processes[name]
        process.expected_down = True
        try:
            return await process.terminate()
        finally:
            process.start()
            process.expected_down = False

    def set_clock(self, name: str, seconds: float) -> None:
        """Shift the clock of a gateway or worker by this many seconds."""
        Path(self.processes[name].environ["COURIER_CLOCK"]).write_text(str(seconds))

    async def _open(self) -> None:
        self.disk.open()
        await self.redis.start()
        await self.postgres.open()
        await migrate(self.postgres.url)
        self.store = await open_store(self.postgres.url, size=4)
        await self.provider.start()
        self._city()
        numbers = range(self.copies)
        names = [f"{kind}-{n}" for kind in ("gateway", "worker", "bot") for n in numbers]
        for name in names:
            self.database_proxies[name] = DatabaseProxy(name, self.postgres.socket, self.traps)
            await self.database_proxies[name].start()
        ports = iter(_free_ports(3 * self.copies))
        gateway, bot, actions = ([next(ports) for _ in numbers] for _ in range(3))
        self.gateways = [f"http://127.0.0.1:{port}" for port in gateway]
        self.bots = self._bot_urls or [f"http://127.0.0.1:{port}" for port in bot]
        self.action_urls = [f"http://127.0.0.1:{port}" for port in actions]
        self.bot_balancers = [LoadBalancer(self.bots, TURN) for _ in numbers]
        self.action_balancer = LoadBalancer(self.action_urls, "/webhook")
        self.back_end = LoadBalancer(self.gateways, BACK_END)
        self.balancers = (*self.bot_balancers, self.action_balancer, self.back_end)
        for balancer in self.balancers:
            await balancer.start()
        common = self._environ()
        for n in numbers:
            self._add(f"gateway-{n}", "bench.fault.roots", common | self._gateway(n, gateway[n]), "gateway")
            self._add(f"worker-{n}", "bench.fault.roots", common | self._worker(n), "worker")
            if not self._bot_urls:
                self._add(f"actions-{n}", "actions", common | {"CIVICDESK_ACTIONS_PORT": str(actions[n])})
                self._add(f"bot-{n}", "bot", common | self._bot(n, bot[n]))
        for process in self.processes.values():
            process.start()
        await self.ready()
        self._supervisor = asyncio.create_task(self._supervise())

    def _add(self, name: str, module: str, environ: dict[str, str], *arguments: str) -> None:
        python = bot_python() if module == "bot" else sys.executable
        ready = {
            "gateway": lambda n: f"{self.gateways[n]}/ready",
            "actions": lambda n: f"{self.action_urls[n]}/health",
            "bot": lambda n: f"{self.bots[n]}/webhooks/civicdesk/ready",
        }.get(name.rpartition("-")[0])
        address = ready(int(name[-1])) if ready else ""
        environ["COURIER_CLOCK"] = str(self.folder / f"{name}.clock")
        self.processes[name] = Process(
            name, [python, "-m", module, *arguments], environ, self.logs / f"{name}.log", address
        )

    def _environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("CIVICDESK_") and name not in ("DATABASE_URL", "REDIS_URL")
        }
        given = {"CIVICDESK_BOT_SECRET": self._bot_secret} if self._bot_secret else {}
        return {
            **kept,
            **given,
            **secret_files(self.folder / "secrets", given),
            "REDIS_URL": self.redis.url,
            "CIVICDESK_CITY": str(self.folder / "city.yml"),
            "CIVICDESK_HOST": "127.0.0.1",
            "CIVICDESK_MEDIA_DIR": str(self.disk.folder / "media"),
            "CIVICDESK_OPEN311_URL": f"{self.back_end.url}/open311/v2",
            "CIVICDESK_ACTIONS_URL": self.action_balancer.url,
            "CIVICDESK_VAR": str(self.folder / "var"),
            # Here all citizens share one address; in production they do not.
            "CIVICDESK_RATE_SCALE": "1000",
            "COURIER_SECRET": self.secret,
            "COURIER_TOKEN": self.provider.token,
            "COURIER_URL": self.provider.urls[0],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def _gateway(self, n: int, port: int) -> dict[str, str]:
        return {
            "DATABASE_URL": self._database(f"gateway-{n}"),
            "CIVICDESK_PORT": str(port),
            "CIVICDESK_PUBLIC_URL": self.gateways[n],
            "CIVICDESK_BOT_URL": self.bot_balancers[0].url,
        }

    def _worker(self, n: int) -> dict[str, str]:
        return {
            "DATABASE_URL": self._database(f"worker-{n}"),
            "CIVICDESK_BOT_URL": self.bot_balancers[n].url,
            "COURIER_URL": self.provider.urls[n],
        }

    def _bot(self, n: int, port: int) -> dict[str, str]:
        return {"DATABASE_URL": self._database(f"bot-{n}"), "CIVICDESK_BOT_PORT": str(port)}

    def _database(self, name: str) -> str:
        return (
            f"postgresql://postgres:@127.0.0.1:{self.database_proxies[name].port}/civicdesk?sslmode=disable"
        )

    def _city(self) -> None:
        city = yaml.safe_load((ROOT / "city.yml").read_text(encoding="utf-8"))
        city["office_hours"], city["holidays"] = ALWAYS, []
        city["inboxes"] = [{"name": "web", "channel": "web"}, {"name": "courier", "channel": "courier"}]
        city["services"] = str(ROOT / city["services"])
        city["gazetteer"] = str(ROOT / city["gazetteer"])
        (self.folder / "city.yml").write_text(yaml.safe_dump(city, sort_keys=False), encoding="utf-8")
        self.models.mkdir(parents=True, exist_ok=True)
        source = Path(os.environ.get("CIVICDESK_VAR", ROOT / "var")) / "models"
        for path in source.iterdir() if source.is_dir() else ():
            target = self.models / path.name
            if not target.exists():
                target.symlink_to(path.resolve())

    async def _supervise(self) -> None:
        while True:
            await asyncio.sleep(0.2)
            dead = [one for one in self.processes.values() if not one.alive and not one.expected_down]
            if dead:
                await asyncio.sleep(RESTART_SECONDS)
            for process in dead:
                process.start()


async def _serves(http: aiohttp.ClientSession, process: Process) -> bool:
    if not process.ready:
        return process.alive
    with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
        async with http.get(process.ready) as answer:
            return answer.status == 200
    return False


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
