"""What the console is given by whoever mounts it; it builds nothing that outlives a request."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sanic import Request

from channels.base import Capabilities
from city import City
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.media.files import MediaFiles
from desk.model import Clock
from desk.people.passwords import Passwords
from desk.runtime.live import Live
from desk.store.pool import Store


class Closing(Protocol):
    """Ends waits when the process closes, so that an open stream does not hold up a restart."""

    closed: bool

    def waits(self) -> AbstractContextManager[None]:
        """A block that ends early, without an error, at closing time."""
        ...


class NeverClosing:
    """For tests and whoever has no closing time."""

    closed = False

    def waits(self) -> AbstractContextManager[None]:
        """A block like any other."""
        return nullcontext()


def _peer(request: Request) -> str:
    return str(request.client_ip or "unknown")


@dataclass(frozen=True, slots=True)
class ConsoleDeps:
    """`content_dir` is a folder; `secure_cookies` is false only where the public address is plain HTTP.
    `capabilities` are by inbox: what agents may send, and until when, follows from them. `address` tells where a sign-in comes from (it knows which proxies to believe).

    The gateway serves web/dist/console/{console.js,console.css} under /assets/console/.
    """

    store: Store
    live: Live
    ownership: Ownership
    catalog: Catalog
    city: City
    clock: Clock
    content_dir: Path
    media: MediaFiles
    secure_cookies: bool = True
    address: Callable[[Request], str] = _peer
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)
    closing: Closing = field(default_factory=NeverClosing)
    passwords: Passwords = field(default_factory=Passwords)
