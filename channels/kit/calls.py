"""One call to a provider, JSON or form, with limits on everything.

Each channel has its own table of the provider's codes; this module handles only what HTTP itself defines. No
exception and no log line contains an address, a header or a body: tokens travel in all three.
"""

import base64
import ipaddress
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlencode, urlsplit

import aiohttp
from yarl import URL

from channels.errors import RetryLater

CONNECT_SECONDS = 5.0
POOL_SECONDS = 10.0  # waiting for a free connection and connecting: nothing is written yet
TOTAL_SECONDS = 30.0
USER_AGENT = "civicdesk/0.1.0"  # Meta documents this form and its schema requires it
MAX_BODY = 1024 * 1024
LONGEST_WAIT = 86_400.0  # the longest Retry-After that is honoured, seconds

# Raised before any byte of the request is written: the provider cannot have accepted it.
NOT_WRITTEN = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
# 504: a gateway at the provider timed out waiting for the answer. The other 5xx mean that nothing was done.
PERHAPS_TAKEN = frozenset({504})
BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """`document` is the parsed JSON, None if there is none. `after` is Retry-After in seconds."""

    status: int
    document: object = field(default=None, repr=False)
    after: float | None = None

    @property
    def fine(self) -> bool:
        """Whether the provider accepted the call."""
        return 200 <= self.status < 300

    @property
    def fields(self) -> Mapping[str, object]:
        """The document if it is an object, otherwise an empty mapping."""
        return self.document if isinstance(self.document, dict) else {}

    def raise_if_busy(self, scope: Literal["contact", "inbox"] = "contact") -> None:
        """RetryLater for 408, 425, 429 and 5xx. `scope` is what waits after a 429; check provider codes
        first."""
        if self.status in BUSY:
            raise RetryLater(f"the provider answered {self.status}", self.after, scope=scope)
        if self.status >= 500:
            raise RetryLater(
                f"the provider answered {self.status}",
                self.after,
                accepted_unknown=self.status in PERHAPS_TAKEN,
            )


class Calls:
    """Calls to one provider. `base` may contain a token; `headers` and `auth` (name, password) are sent with
    every call.

    `http` is None in a process that sends nothing. Raises ValueError for a base to which no secret may be
    sent.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession | None,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        total: float | None = None,
    ) -> None:
        if not keeps_secret(base):
            raise ValueError(
                "The provider's address must begin with https://, or nothing secret may go there."
            )
        self._http = http
        self._base = base.rstrip("/")
        self._headers = {"User-Agent": USER_AGENT, **(headers or {})}
        if auth:
            self._headers["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode(
                "ascii"
            )
        total = total or TOTAL_SECONDS
        self._timeout = aiohttp.ClientTimeout(
            total=total, connect=POOL_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=total
        )

    async def get(self, path: str, query: Iterable[tuple[str, str]] = ()) -> ProviderResponse:
        """One GET. Raises RetryLater if no answer arrived."""
        return await self._call("GET", path, query, None, {})

    async def post(
        self,
        path: str,
        payload: object = None,
        *,
        form: Iterable[tuple[str, str]] | None = None,
        query: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        method: Literal["POST", "PUT", "DELETE"] = "POST",
    ) -> ProviderResponse:
        """One POST of JSON or of a form. Never repeated, never redirected.

        Raises RetryLater if no answer arrived; `accepted_unknown` if the request may have arrived.
        """
        more = dict(headers or {})
        body: bytes | None = None
        if form is not None:
            body = urlencode(list(form), errors="replace").encode("ascii")
            more["Content-Type"] = "application/x-www-form-urlencoded"
        elif payload is not None:
            body = json.dumps(payload, separators=(",", ":"), allow_nan=False).encode("ascii")
            more["Content-Type"] = "application/json"
        return await self._call(method, path, query, body, more)

    async def _call(
        self,
        method: str,
        path: str,
        query: Iterable[tuple[str, str]],
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> ProviderResponse:
        if self._http is None:
            raise RuntimeError("this process was built to send nothing")
        asked = urlencode(list(query), errors="replace")
        url = f"{self._base}/{path.lstrip('/')}" if path else self._base
        try:
            async with self._http.request(
                method,
                URL(f"{url}?{asked}" if asked else url, encoded=True),
                data=body,
                headers={**self._headers, **headers},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return ProviderResponse(response.status, await _document(response), _after(response.headers))
        except NOT_WRITTEN as error:
            raise RetryLater(f"the provider cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise RetryLater(
                f"the provider's answer was lost ({type(error).__name__})", accepted_unknown=method != "GET"
            ) from None


async def _document(response: aiohttp.ClientResponse) -> object:
    """The parsed body. The status alone decides whether the call was accepted, so a broken body counts as
    empty."""
    body = bytearray()
    try:
        async for chunk in response.content.iter_chunked(65_536):
            body += chunk
            if len(body) > MAX_BODY:
                response.close()
                return None
        document: object = json.loads(bytes(body)) if body else None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError):
        return None
    return document


def _after(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds: a number, or a date, which is compared with the provider's own clock."""
    written = headers.get("Retry-After", "").strip()
    if not written:
        return None
    try:
        seconds = float(written)
    except ValueError:
        try:
            until = parsedate_to_datetime(written)
            now = parsedate_to_datetime(headers["Date"]) if "Date" in headers else datetime.now(UTC)
            seconds = (until - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None


def keeps_secret(base: str) -> bool:
    """Whether a token may be sent to this address: over HTTPS, or on this machine (tests, a proxy of the
    city's own)."""
    parts = urlsplit(base)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http":
        return False
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
