"""A geocoder with Nominatim's HTTP API (`search` and `reverse`, format jsonv2). Its responses are treated as untrusted."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from time import monotonic as system_monotonic

import aiohttp

from backends.base import BackendUnavailable
from backends.circuit_breaker import Breaker
from backends.geocoding.base import Point
from backends.open311.text import plain_answer
from city.boundary import Boundary, Corner
from city.coordinates import read_latitude, read_longitude

SECONDS = 2.0
LARGEST = 65_536  # bytes of an answer
LONGEST = 200  # characters of a text that is asked for, and of an address
# A street or a town is no point: a crew does not search two kilometres.
_TOO_LARGE = frozenset(
    {"road", "street", "suburb", "city", "town", "village", "county", "state", "country", "postcode"}
)


class Nominatim:
    """`corners` are the city's boundary: only places inside it are found. `url` ends before /search."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        corners: Sequence[Corner] = (),
        *,
        language: str = "en",
        seconds: float = SECONDS,
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._boundary = Boundary(corners)
        self._box = _box(corners)
        self._language = language
        self._seconds = seconds
        self._breaker = Breaker(monotonic)

    async def find(self, text: str) -> Point | None:
        """The best result, if it is a point inside the city. Raises BackendUnavailable."""
        query = {"q": text[:LONGEST], "format": "jsonv2", "limit": "5", "addressdetails": "1", **self._box}
        document = await self._ask("search", query)
        for row in document if isinstance(document, list) else ():
            point = _point(row)
            if point is not None and self._boundary.contains(point.latitude, point.longitude):
                return point
        return None

    async def address_at(self, latitude: float, longitude: float) -> str | None:
        """The address at a point. Raises BackendUnavailable."""
        query = {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}", "format": "jsonv2", "zoom": "18"}
        document = await self._ask("reverse", query)
        return _address(document) if isinstance(document, dict) else None

    async def _ask(self, path: str, query: Mapping[str, str]) -> object:
        if not self._breaker.allows():
            raise BackendUnavailable("the geocoder has kept failing", resting=self._breaker.rests())
        try:
            async with asyncio.timeout(self._seconds):
                document = await self._read(path, query)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            self._breaker.failed()
            raise BackendUnavailable(f"the geocoder gave no usable answer ({type(error).__name__})") from None
        self._breaker.worked()
        return document

    async def _read(self, path: str, query: Mapping[str, str]) -> object:
        headers = {"Accept": "application/json", "Accept-Language": self._language, "User-Agent": "Civicdesk"}
        async with self._session.get(
            f"{self._url}/{path}", params=query, headers=headers, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            body = bytearray()
            async for chunk in response.content.iter_chunked(16_384):
                body += chunk
                if len(body) > LARGEST:
                    response.close()
                    raise ValueError("an answer that is too large")
            return json.loads(body)


def _box(corners: Sequence[Corner]) -> dict[str, str]:
    """Nominatim's filter: the rectangle around the city."""
    if not corners:
        return {}
    south, north = min(one[0] for one in corners), max(one[0] for one in corners)
    west, east = min(one[1] for one in corners), max(one[1] for one in corners)
    return {"viewbox": f"{west},{north},{east},{south}", "bounded": "1"}


def _point(row: object) -> Point | None:
    if not isinstance(row, dict) or str(row.get("addresstype") or row.get("type")) in _TOO_LARGE:
        return None
    latitude, longitude = read_latitude(row.get("lat")), read_longitude(row.get("lon"))
    address = _address(row)
    if latitude is None or longitude is None or address is None:
        return None
    return Point(latitude, longitude, address)


def _address(row: Mapping[str, object]) -> str | None:
    """ "12 Mill Lane", or what the place is called."""
    parts = row.get("address")
    parts = parts if isinstance(parts, dict) else {}
    street = _text(parts.get("road") or parts.get("pedestrian") or parts.get("square"))
    number = _text(parts.get("house_number"))
    named = _text(row.get("name"))
    if street:
        whole = f"{number} {street}" if number else street
        return f"{named}, {whole}" if named and named not in (street, whole) else whole
    return named


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(plain_answer(value[: 4 * LONGEST]).split())[:LONGEST] or None
