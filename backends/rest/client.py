"""One register over HTTP, with limits on everything: the operator chose the host, but nobody controls the answer.

Only the number is inserted into the URL, escaped, so that a citizen cannot change the target. Redirects are not
followed: they could lead inside the city's network. Nothing here logs a body, a number or a secret.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from time import monotonic as system_monotonic
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from yarl import URL

from backends.base import BackendUnavailable, NotPermitted, RequestRefused, UnknownReference
from backends.circuit_breaker import Breaker
from backends.open311.http import keeps_secret, path_segment
from backends.open311.text import plain_answer
from backends.open311.time import read_time
from backends.rest.path import JsonPath, PathError
from city.errors import CityError
from city.registers.model import NUMBER, RegisterConfig

SECONDS = 4.0  # for the whole call, because a citizen waits
LARGEST = 256 * 1024  # bytes
LONGEST_VALUE = 300  # characters


@dataclass(frozen=True, slots=True)
class Case:
    """What the register has under a number. `held` are the values of the identity questions, in their order; they are
    compared and never told."""

    number: str
    status: str
    date: date | None
    next_step: str | None
    held: tuple[str | None, ...]


class Register:
    """`secret` is the auth's; `zone` applies to times without one. Raises CityError for a path that cannot be read."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        config: RegisterConfig,
        secret: str | None,
        *,
        url: str | None = None,
        zone: tzinfo = UTC,
        seconds: float = SECONDS,
        monotonic: Callable[[], float] = system_monotonic,
    ) -> None:
        self.config = config
        self._session = session
        self._url = url or config.url
        self._secret = secret
        self._zone = zone
        self._seconds = seconds
        self._breaker = Breaker(monotonic)
        try:
            self._paths = {name: JsonPath.read(path) for name, path in config.values.paths().items()}
            self._identity = tuple(JsonPath.read(question.path) for question in config.identity)
        except PathError as error:
            raise CityError(f"The register '{config.name}' has a wrong path: {error}.") from None
        if config.auth.kind != "none" and not secret:
            raise CityError(
                f"The register '{config.name}' needs its secret. Set {config.auth.secret_env} or {config.auth.secret_env}_FILE."
            )
        if not keeps_secret(self._url):
            raise CityError(
                f"The register '{config.name}' must be read over https, because its answers are personal."
            )
        if NUMBER in urlsplit(self._url).netloc or NUMBER not in self._url:
            raise CityError(f"The address of the register '{config.name}' must have {NUMBER} after the host.")

    async def find(self, number: str) -> Case:
        """Raises UnknownReference, RequestRefused with the service's own code, NotPermitted, BackendUnavailable."""
        escaped = path_segment(number)
        if not self._breaker.allows():
            raise BackendUnavailable(
                "the register has kept failing and is left alone for a moment", resting=self._breaker.rests()
            )
        try:
            async with asyncio.timeout(self._seconds):
                status, document = await self._ask(escaped)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            self._breaker.failed()
            raise BackendUnavailable(f"the register gave no usable answer ({type(error).__name__})") from None
        if status >= 500 or status == 429:
            self._breaker.failed()
        else:
            self._breaker.worked()
        self._check(status, document)
        return self._case(number, document)

    async def _ask(self, escaped: str) -> tuple[int, object]:
        address = self._url.replace(NUMBER, escaped)
        auth, headers = self.config.auth, {"Accept": "application/json", "Accept-Encoding": "identity"}
        secret = self._secret or ""
        if auth.kind == "header":
            headers[str(auth.name)] = secret
        elif auth.kind == "bearer":
            headers["Authorization"] = f"Bearer {secret}"
        elif auth.kind == "basic":
            headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode('ascii')}"
        elif auth.kind == "query":
            address += ("&" if "?" in address else "?") + urlencode({str(auth.name): secret}, quote_via=quote)
        async with self._session.get(
            URL(address, encoded=True), headers=headers, allow_redirects=False
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(16_384):
                body += chunk
                if len(body) > LARGEST:
                    response.close()
                    raise ValueError("an answer that is too large")
            if response.status >= 400:
                return response.status, _document(bytes(body))
            return response.status, json.loads(body)

    def _check(self, status: int, document: object) -> None:
        code = _text(self._paths["error"].find(document)) if "error" in self._paths else None
        for one in (code, str(status)):
            if one is not None and one in self.config.errors:
                raise RequestRefused(((one, ""),))
        if status in (401, 403):
            raise NotPermitted("the register refuses our secret")
        if status in (404, 410):
            raise UnknownReference("the register does not have this number")
        if status != 200 or code is not None:
            raise BackendUnavailable(f"the register answered {status}{' with an error' if code else ''}")

    def _case(self, number: str, document: object) -> Case:
        found = {name: _text(path.find(document)) for name, path in self._paths.items()}
        if found["number"] is None:
            raise UnknownReference("the register does not have this number")
        if _bare(found["number"]) != _bare(number):
            raise BackendUnavailable("the register answered with another number")
        if found["status"] is None:
            raise BackendUnavailable("the register answered without a status")
        moment = read_time(found.get("date"), self._zone)
        return Case(
            number=number,
            status=found["status"],
            date=moment.astimezone(self._zone).date() if moment else None,
            next_step=found.get("next_step"),
            held=tuple(_text(path.find(document)) for path in self._identity),
        )


def _document(body: bytes) -> object:
    # An error's body is read for its code and may be anything.
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str | None:
    """A text or number in one line; None for anything else, and for what is too long to be told."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join(plain_answer(str(value)[: 4 * LONGEST_VALUE]).split())
    return text if 0 < len(text) <= LONGEST_VALUE else None


def _bare(number: str) -> str:
    return "".join(character for character in number.casefold() if character.isalnum())
