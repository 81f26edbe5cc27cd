"""A JSON service over HTTP, with limits on everything: the operator or an editor chose the host, but nobody controls the answer.

Only the street and the address are put into the URL, escaped, so that a citizen cannot change the target.
Redirects are not followed: they could lead inside the city's network.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

import aiohttp
import structlog
from yarl import URL

from actions.lookup.source import LookupFailed, Place, Values
from backends.circuit_breaker import Breaker
from city.errors import CityError

SECONDS = 2.0  # seconds for the whole call, because a citizen waits
LARGEST = 64 * 1024  # bytes
LONGEST_VALUE = 200  # characters
DEEPEST = 8  # names in a path

log = structlog.get_logger("lookups")


class JsonService:
    """`url` is a template with {street} and perhaps {address}; `values` maps names to paths in the answer."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        values: Mapping[str, str],
        monotonic: Callable[[], float],
        *,
        seconds: float = SECONDS,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
            raise CityError(f"The address {url!r} of a lookup must begin with https:// and a host.")
        if any(len(path.split(".")) > DEEPEST for path in values.values()):
            raise CityError(f"A path in the values of {url!r} has more than {DEEPEST} names.")
        self._session = session
        self._url = url
        self._values = values
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._breaker = Breaker(monotonic)

    async def find(self, place: Place) -> Values | None:
        """Ask the service. A 404, or null in place of a value, means that it does not know the street."""
        if not self._breaker.allows():
            raise LookupFailed("it has kept failing and is left alone for a moment")
        try:
            found = await self._ask(place)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            self._breaker.failed()
            raise LookupFailed(type(error).__name__) from None
        except LookupFailed:
            self._breaker.failed()
            raise
        self._breaker.worked()
        return found

    async def _ask(self, place: Place) -> Values | None:
        url = self._url.replace("{street}", quote(place.street, safe="")).replace(
            "{address}", quote(place.address, safe="")
        )
        async with (
            asyncio.timeout(self._timeout.total),
            self._session.get(
                URL(url, encoded=True),
                headers={"Accept": "application/json"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response,
        ):
            if response.status == 404:
                return None
            if response.status != 200:
                raise LookupFailed(f"status {response.status}")
            body = bytearray()
            async for chunk in response.content.iter_chunked(16_384):
                body += chunk
                if len(body) > LARGEST:
                    response.close()
                    raise LookupFailed("an answer that is too large")
        document = json.loads(body)
        values = {name: _at(document, path) for name, path in self._values.items()}
        if any(value is None for value in values.values()):
            return None
        return {name: str(value) for name, value in values.items()}


def _at(document: object, path: str) -> str | None:
    """The text or number at "a.b.0"; None where it is null. Raises LookupFailed for anything else."""
    found = document
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict) and name in found:
            found = found[name]
        else:
            raise LookupFailed("a value is missing")
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise LookupFailed("a value is neither text nor a number")
    text = " ".join(str(found).split())
    if not text or len(text) > LONGEST_VALUE:
        raise LookupFailed("a value is empty or too long")
    return text
