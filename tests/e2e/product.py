"""The running product, as `make run` starts it: `python -m launch` with its own folder and free ports."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import yaml

from channels.kit.setup import variable
from tests.support.ports import free_ports

if TYPE_CHECKING:
    from tests.e2e.channels.platform import Platform

ROOT = Path(__file__).parents[2]
PASSWORD = "a demo password for tests"
ALWAYS_OPEN = {
    day: ["00:00-24:00"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


class Product:
    """Start with `with Product(folder) as product`; the folder keeps its data between two starts."""

    def __init__(
        self,
        folder: Path,
        *,
        office_hours: dict[str, list[str]] | None = None,
        wait_for_bot: bool = True,
        platforms: Sequence["Platform"] = (),
    ) -> None:
        self.folder = folder
        self.platforms = {one.channel: one for one in platforms}
        self.wait_for_bot = wait_for_bot
        gateway, bot, actions = free_ports(3)
        self.url = f"http://127.0.0.1:{gateway}"
        city = yaml.safe_load((ROOT / "city.yml").read_text())
        city["office_hours"] = ALWAYS_OPEN if office_hours is None else office_hours
        city["holidays"] = city["special_days"] = []
        city["country"] = None
        city["inboxes"] += [{"name": one.channel, "channel": one.channel} for one in platforms]
        city["services"] = str(ROOT / city["services"])
        city["gazetteer"] = str(ROOT / city["gazetteer"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "city.yml").write_text(yaml.safe_dump(city, sort_keys=False))
        self.environ = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "PYTHONPATH": str(ROOT),
            "CIVICDESK_DATA": str(folder / "var"),
            "CIVICDESK_CITY": str(folder / "city.yml"),
            "CIVICDESK_PORT": str(gateway),
            "CIVICDESK_BOT_PORT": str(bot),
            "CIVICDESK_ACTIONS_PORT": str(actions),
            "CIVICDESK_DEMO_PASSWORD": PASSWORD,
            "CIVICDESK_PRIVATE_HOSTS": "127.0.0.1",
            **{
                variable(one.channel, name): value
                for one in platforms
                for name, value in one.settings.items()
                if value
            },
        }
        for one in platforms:
            one.gateway = self.url
        self.log = folder / "product.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "launch"],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_ready(bot=self.wait_for_bot)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise AssertionError("The product did not stop within 40 seconds of Ctrl-C.") from None
        finally:
            self.exit_code = self._process.returncode
            self._process = None

    def get(self, path: str) -> Any:
        """The JSON at this path, whatever its status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def wait_ready(self, seconds: float = 120, *, bot: bool = True) -> None:
        """Until the gateway serves and, if asked, sees a bot that has its model."""
        deadline = time.monotonic() + seconds
        last: object = None
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError, ValueError):
                last = self.get("/ready")
                if isinstance(last, dict) and last.get("ready") and (last.get("bot") or not bot):
                    return
            time.sleep(0.1)
        raise AssertionError(f"The product is not ready ({last}). Its last lines:\n{self.tail()}")

    def tail(self, lines: int = 60) -> str:
        """The end of what the four processes printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
