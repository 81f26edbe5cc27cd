"""What the console is given by whoever mounts it; it builds nothing that outlives a request."""

from dataclasses import dataclass
from pathlib import Path

from city import City
from desk.answers.catalog import Catalog
from desk.model import Clock
from desk.road.live import Live
from desk.road.ownership import Ownership
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class ConsoleDeps:
    """`content_dir` and `media_dir` are folders; `secure_cookies` is false only where the public address is plain HTTP.

    The gateway serves web/dist/console/{console.js,console.css} under /assets/console/.
    """

    store: Store
    live: Live
    ownership: Ownership
    catalog: Catalog
    city: City
    clock: Clock
    content_dir: Path
    media_dir: Path
    secure_cookies: bool = True
