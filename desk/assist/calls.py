"""One JSON call to a provider, with limits on everything: time, size, concurrent calls. No redirect is followed, and nothing
here logs a text or a key."""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import aiohttp
import msgspec
import structlog

from backends.circuit_breaker import Breaker
from desk.assist.providers import AssistFailed

log = structlog.get_logger("assist")
Answer = TypeVar("Answer")

CONNECT_SECONDS = 5.0
MAX_ANSWER = 256 * 1024
AT_ONCE = 8
"""Calls of one process to one provider; more are refused, so that agents do not wait for each other."""


class JsonCalls:
    """Built once for a provider. `base` is its fixed address from city.yml; `seconds` bounds a whole call."""

    def __init__(
        self,
        base: str,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        # "identity": a compressed answer could be far larger than what arrives.
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        self._breaker = Breaker(monotonic, failures=5, rest=30.0)
        self._now = 0

    async def post(self, path: str, body: object, answer: type[Answer]) -> Answer:
        """The answer to one POST, never repeated. Raises AssistFailed."""
        if self._now >= AT_ONCE:
            raise AssistFailed("busy")
        if not self._breaker.allows():
            raise AssistFailed("down")
        self._now += 1
        try:
            status, data = await self._send(path, msgspec.json.encode(body))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._breaker.failed()
            log.warning("assist_no_answer", path=path, error=type(error).__name__)
            raise AssistFailed("down") from None
        finally:
            self._now -= 1
        return self._read(path, status, data, answer)

    async def _send(self, path: str, body: bytes) -> tuple[int, bytes | None]:
        async with (
            aiohttp.ClientSession(
                trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), timeout=self._timeout
            ) as session,
            session.post(
                f"{self._base}/{path}",
                data=body,
                headers={**self._headers, "Content-Type": "application/json"},
                allow_redirects=False,
            ) as response,
        ):
            data = bytearray()
            async for chunk in response.content.iter_chunked(65_536):
                data += chunk
                if len(data) > MAX_ANSWER:
                    response.close()
                    return response.status, None
            return response.status, bytes(data)

    def _read(self, path: str, status: int, data: bytes | None, answer: type[Answer]) -> Answer:
        if status in (401, 403):
            self._breaker.worked()
            log.error("assist_key_refused", path=path, status=status)
            raise AssistFailed("key")
        if status in (400, 413, 422):
            self._breaker.worked()
            log.warning("assist_refused", path=path, status=status)
            raise AssistFailed("refused")
        if status != 200 or data is None:
            self._breaker.failed()
            log.warning("assist_failed", path=path, status=status)
            raise AssistFailed("busy" if status == 429 else "down" if status >= 500 else "odd")
        try:
            found = msgspec.json.decode(data, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._breaker.failed()
            log.warning("assist_odd_answer", path=path)
            raise AssistFailed("odd") from None
        self._breaker.worked()
        return found
