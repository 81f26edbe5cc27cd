"""Tiles of the city's map, fetched for citizens from the tile server that city.yml names, so that citizens stay unknown to it."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from desk.media.fetch import Fetcher, NotFetched

ZOOM = 17
"""Streets and house numbers; a tile is 306 m wide at the equator."""
LARGEST = 131_072  # bytes of a tile
KEPT = 64  # tiles in memory
AT_ONCE = 24  # a map has six
"""Calls to the tile server: anybody may ask for tiles, and a slow server must not hold a connection for each."""
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture as the tile server sent it: a PNG or a JPEG by its content."""

    body: bytes
    content_type: str


class MapTiles:
    """`url` holds {z}, {x} and {y}. Only tiles of the rectangle around `corners` are fetched, [latitude, longitude]."""

    def __init__(self, url: str, corners: Sequence[Sequence[float]], fetcher: Fetcher) -> None:
        self._url = url
        self._fetcher = fetcher
        places = [tile_at(one[0], one[1]) for one in corners]
        self._columns = range(min(x for x, _ in places) - 1, max(x for x, _ in places) + 2)
        self._rows = range(min(y for _, y in places) - 1, max(y for _, y in places) + 2)
        self._kept: OrderedDict[tuple[int, int], Tile] = OrderedDict()
        self._calls = asyncio.Semaphore(AT_ONCE)

    async def get(self, x: int, y: int) -> Tile | None:
        """The tile, or None outside the city, where the server gives none, and while as many are being fetched as may be."""
        if x not in self._columns or y not in self._rows:
            return None
        if (x, y) not in self._kept:
            if self._calls.locked():
                return None
            async with self._calls:
                tile = await self._fetch(x, y)
            if tile is None:
                return None
            self._kept[(x, y)] = tile
        self._kept.move_to_end((x, y))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[(x, y)]

    async def _fetch(self, x: int, y: int) -> Tile | None:
        url = self._url.replace("{z}", str(ZOOM)).replace("{x}", str(x)).replace("{y}", str(y))
        body = bytearray()
        try:
            # Tile servers ask to be told who uses them.
            async with self._fetcher.fetch(
                url, [urlsplit(url).hostname or ""], {"User-Agent": "Civicdesk"}, LARGEST
            ) as chunks:
                async for chunk in chunks:
                    body += chunk
        except NotFetched:
            return None
        kind = next((kind for start, kind in _KINDS if body.startswith(start)), None)
        return Tile(bytes(body), kind) if kind else None


def tile_at(latitude: float, longitude: float) -> tuple[int, int]:
    """The column and row of the tile that holds a point (Web Mercator)."""
    across = (longitude + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return math.floor(across * 2**ZOOM), math.floor(down * 2**ZOOM)
