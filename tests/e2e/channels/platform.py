"""What every fake platform of the channel tests is: a server in a thread of its own, and a telephone that writes through it."""

import asyncio
import re
import threading
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import web

from channels.base import Webhook
from tests.e2e.people import PATIENCE


@dataclass(frozen=True)
class Seen:
    """A message as the citizen's app shows it. `buttons` are (what is tapped, its title), `files` where pictures are."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    asks_location: bool = False
    files: tuple[str, ...] = ()


class Platform(ABC):
    """One provider. A subclass answers its API over a real socket, as strictly as the provider, and posts webhooks.

    `settings` is complete once it runs: it goes into the product's environment.
    """

    channel: ClassVar[str]
    called: ClassVar[str]  # the citizen's name, as agents see it

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.crowd: dict[str, list[str]] = {}
        """What others than the citizen were sent, by their id at the provider."""
        self.refused: list[str] = []
        self.gateway = ""  # set once the product runs
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    @abstractmethod
    def settings(self) -> Mapping[str, str]:
        """The inbox's settings, secrets too, pointing here."""

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Everything the product asks of the provider."""

    @abstractmethod
    def say(self, text: str) -> None:
        """The citizen writes."""

    def say_as(self, person: str, text: str) -> None:
        """Somebody else writes, and belongs to the crowd from now on. Not every provider has one."""
        raise NotImplementedError

    @abstractmethod
    def press(self, title: str) -> None:
        """The citizen taps the newest choice of this title."""

    @abstractmethod
    def send_photo(self, photo: bytes) -> None:
        """The citizen sends a photo."""

    @abstractmethod
    def tell_where(self) -> str:
        """The citizen says where it is, with a pin if the app has one; gives what the summary will say of it."""

    def confirm_where(self) -> str:
        """The desk shows the pin as an address, and the citizen says yes."""
        self.sees("57 Market Square")
        self.press("Yes, there")
        return "57 Market Square"

    def start(self) -> None:
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        if self._runner is not None:
            self.run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    def deliver(self, webhook: Webhook) -> None:
        """Post to the gateway as the provider does, and see that it is thanked."""
        query = webhook.url.partition("?")[2]
        request = urllib.request.Request(
            f"{self.gateway}/webhooks/{self.channel}" + (f"?{query}" if query else ""),
            data=webhook.body,
            headers=dict(webhook.headers),
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert 200 <= answer.status < 300

    def sees(self, pattern: str | re.Pattern[str], *, after: int = 0) -> Seen:
        """Wait for a message with this text that came after so many others; the newest such."""
        return self.wait(
            lambda: next((one for one in reversed(self.seen[after:]) if re.search(pattern, one.text)), None),
            f"no message like {pattern!r}",
        )

    def sees_photo(self, *, after: int) -> bytes:
        """Wait for a picture that came after so many messages, and open it."""
        found = self.wait(lambda: [file for one in self.seen[after:] for file in one.files], "no picture")
        with urllib.request.urlopen(found[-1], timeout=20) as answer:
            return bytes(answer.read())

    def wait(self, look: Callable[[], Any], what: str) -> Any:
        """Until `look` gives something."""
        deadline = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < deadline:
            assert not self.refused, f"{self.channel} refused what we sent: {self.refused}"
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError(f"{self.channel}: {what}. Seen: {[one.text for one in self.seen]}")

    def tapped(self, title: str) -> str:
        """What a tap on the newest choice of this title sends; where choices are numbers, the number."""

        def look() -> str | None:
            for one in reversed(self.seen):
                for value, shown in one.buttons:
                    if shown == title:
                        return value
                if found := re.search(rf"^(\d+)\. {re.escape(title)}$", one.text, re.MULTILINE):
                    return found[1]
            return None

        return str(self.wait(look, f"no choice {title!r}"))
