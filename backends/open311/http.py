"""HTTP transport: GET and POST to one GeoReport endpoint, with limits on everything.

Nothing here logs a body or a key, and no exception text quotes one.
"""

import asyncio
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from yarl import URL

from backends.base import BackendUnavailable, UnknownReference
from backends.circuit_breaker import Breaker
from backends.open311.body import NotTheProtocol, read_document

CONNECT_SECONDS = 5.0
# Service lists of large cities are several megabytes of XML.
MAX_BODY = 16 * 1024 * 1024
# Documents larger than this are parsed off the event loop.
PARSE_IN_THREAD = 256 * 1024
MAX_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP status and its document; `document` is None if the body does not follow the protocol."""

    status: int
    document: dict[str, object] | list[object] | None
    flaw: str = ""


def keeps_secret(url: str, private_hosts: Iterable[str] = ()) -> bool:
    """Whether a key may be sent to this URL: over HTTPS, on this machine, or to a host of an internal
    network."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    host = parts.hostname or ""
    if host == "localhost" or host in private_hosts:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class HttpClient:
    """Calls to one endpoint. `read_timeout` bounds a whole call, in seconds.

    `read_key` is sent with reads as X-Api-Key: some servers, ours among them, show more to holders of a key.
    A server that does not know the header ignores it. `key_in_query` is for servers that read it nowhere else.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        read_timeout: float,
        reads: Breaker,
        creates: Breaker,
        read_key: str | None = None,
        *,
        key_in_query: bool = False,
    ) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(
            total=read_timeout, connect=None, sock_connect=CONNECT_SECONDS, sock_read=read_timeout
        )
        self._read_headers = {"X-Api-Key": read_key} if read_key and not key_in_query else {}
        self._read_query = [("api_key", read_key)] if read_key and key_in_query else []
        self._reads = reads
        # A separate breaker, so that requests can still be filed with a server whose lists are broken.
        self._creates = creates

    async def get(self, path: str, query: Iterable[tuple[str, str]], *, counts: bool = True) -> HttpResponse:
        """One GET, following a few redirects on the same host. Raises BackendUnavailable.

        With `counts=False` a 5xx does not bring the breaker nearer to opening: the caller is finding out which part of
        a list the server cannot give.
        """
        self._ask(self._reads)
        url = f"{self._base}/{path}" + _question_mark(
            urlencode([*query, *self._read_query], errors="replace")
        )
        try:
            for _ in range(MAX_REDIRECTS + 1):
                async with self._session.get(
                    URL(url, encoded=True),
                    headers=self._read_headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                ) as response:
                    if response.status not in _REDIRECTS:
                        answer = await _answer(response)
                        break
                    url = _next(url, response.headers.get("Location", ""))
            else:
                raise BackendUnavailable("the back end redirects in circles")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._reads.failed()
            raise BackendUnavailable(f"the back end gave no answer ({type(error).__name__})") from None
        except BackendUnavailable:
            self._reads.failed()
            raise
        if counts or answer.status < 500:
            self._judge(self._reads, answer)
        return answer

    async def post(self, path: str, fields: Iterable[tuple[str, str]]) -> HttpResponse:
        """One POST, never repeated and never redirected.

        Raises BackendUnavailable; `outcome_unknown` means that the create may have succeeded.
        """
        self._ask(self._creates)
        try:
            async with self._session.post(
                URL(f"{self._base}/{path}", encoded=True),
                data=urlencode(list(fields), errors="replace").encode("ascii"),
                headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                answer = await _answer(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            self._creates.failed()
            raise BackendUnavailable(f"the back end cannot be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self._creates.failed()
            raise BackendUnavailable(
                f"the back end's answer was lost ({type(error).__name__})", outcome_unknown=True
            ) from None
        self._judge(self._creates, answer)
        return answer

    def _ask(self, breaker: Breaker) -> None:
        if not breaker.allows():
            raise BackendUnavailable(
                "the back end has kept failing and is left alone for a moment", resting=breaker.rests()
            )

    def _judge(self, breaker: Breaker, answer: HttpResponse) -> None:
        # A document that follows the protocol is an answer, even if it is a refusal.
        if answer.status >= 500 or answer.status == 429:
            breaker.failed()
        else:
            breaker.worked()


async def _answer(response: aiohttp.ClientResponse) -> HttpResponse:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_BODY:
            response.close()
            return HttpResponse(response.status, None, "an answer larger than 16 MB")
    content_type = response.headers.get("Content-Type", "")
    try:
        if len(body) > PARSE_IN_THREAD:
            document = await asyncio.to_thread(read_document, bytes(body), content_type)
        else:
            document = read_document(bytes(body), content_type)
    except NotTheProtocol as error:
        return HttpResponse(response.status, None, str(error))
    return HttpResponse(response.status, document)


def _next(url: str, location: str) -> str:
    target = URL(url, encoded=True).join(URL(location))
    here = URL(url, encoded=True)
    # Another host, or a downgrade to plain HTTP, is not the system the operator configured.
    if not location or target.host != here.host or (here.scheme == "https" and target.scheme != "https"):
        raise BackendUnavailable("the back end redirects to another place")
    if target.scheme not in ("http", "https"):
        raise BackendUnavailable("the back end redirects to another place")
    return str(target)


def _question_mark(query: str) -> str:
    return f"?{query}" if query else ""


def path_segment(name: str) -> str:
    """Encode a path segment so that it cannot escape into the rest of the path. Raises UnknownReference if
    invalid."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable() or name in (".", ".."):
        raise UnknownReference("this cannot be a number of a request")
    return quote(name, safe="", errors="replace")
