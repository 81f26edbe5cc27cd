"""Fetches a citizen's file from the provider: only from its hosts, never from our own network. The address
comes from outside, so no step is trusted: each redirect is checked anew, a name is resolved once and the
connection goes to exactly the address that was checked, and a response is read only up to a limit.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

REDIRECTS = 3
SECONDS = 15.0
CHUNK = 65_536

# Ranges in which an IPv6 address stands for an IPv4 one.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host and a port to its addresses, as text. Raises OSError."""


class NotFetched(Exception):
    """The file cannot be fetched. `again` is true if a later attempt may succeed. The text contains no address."""

    def __init__(self, reason: str, *, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


class Fetcher:
    """`private_hosts` are those that the operator named: they may be in our network, and speak plain HTTP."""

    def __init__(self, private_hosts: Sequence[str] = (), resolve: Resolve | None = None) -> None:
        self._private = frozenset(host.lower() for host in private_hosts)
        self._resolve = resolve or system_resolve

    @asynccontextmanager
    async def fetch(
        self, url: str, hosts: Sequence[str], headers: Mapping[str, str], limit: int
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of the file, `limit` at most. `headers` go to the first host alone: they hold our token.

        Raises NotFetched, here or while the bytes are read."""
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._resolve, self._private), use_dns_cache=False, force_close=True
        )
        timeout = aiohttp.ClientTimeout(total=SECONDS, connect=5.0, sock_read=5.0)
        try:
            async with aiohttp.ClientSession(
                connector=connector,
                timeout=timeout,
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent",),
            ) as session:
                answer = await self._follow(session, url, hosts, headers)
                async with answer:
                    _check_status(answer)
                    if (answer.content_length or 0) > limit:
                        raise NotFetched("the file is too large")
                    yield _capped(answer, limit)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            # Only the type: these errors repeat the address, which may contain the account's token.
            raise NotFetched(type(error).__name__, again=not isinstance(error, ValueError)) from None

    async def _follow(
        self, session: aiohttp.ClientSession, url: str, hosts: Sequence[str], headers: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        first = urlsplit(url).netloc
        for _ in range(REDIRECTS + 1):
            target = checked_url(url, hosts, self._private)
            own = headers if urlsplit(url).netloc == first else {}
            answer = await session.get(target, headers=dict(own), allow_redirects=False)
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            where = answer.headers.get("location", "")
            answer.release()
            url = urljoin(url, where)
        raise NotFetched("it redirects too often")


class PublicResolver(AbstractResolver):
    """Resolves names, and returns only public addresses to the connector."""

    def __init__(self, resolve: Resolve, private: frozenset[str]) -> None:
        self._resolve = resolve
        self._private = private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Refuses the name when any of its addresses is not public: one would be tried sooner or later."""
        found = await self._resolve(host, port)
        if host.lower() not in self._private and not all(is_public(one) for one in found):
            raise OSError("the name resolves to a private network")
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=int(socket.AI_NUMERICHOST),
            )
            for one in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


def checked_url(url: str, hosts: Sequence[str], private: Collection[str]) -> URL:
    """The address, if it is HTTPS at one of these hosts (".example.org": any below it). `private` are hosts that the operator named.

    Raises NotFetched."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    named = host in private
    if parts.scheme != "https" and not (named and parts.scheme == "http"):
        raise NotFetched("it is not over HTTPS")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("the address contains a password")
    if not any(_belongs(host, allowed.lower()) for allowed in hosts):
        raise NotFetched("it is not at the provider's host")
    if not named and (parts.port not in (None, 443)):
        raise NotFetched("it is at an unusual port")
    if is_bare_address(host) and not named:
        # The connector does not call the resolver for these.
        raise NotFetched("it is at a bare IP address")
    return URL(url, encoded=True)


def is_public(address: str) -> bool:
    """Whether this IP address is on the public internet, in whatever notation it is written."""
    try:
        ip: Any = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if int(ip) >> 32 == 0:  # ::a.b.c.d, long out of use
            return False
    return bool(
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and not getattr(ip, "is_site_local", False)
    )


def _belongs(host: str, allowed: str) -> bool:
    return host == allowed or (
        allowed.startswith(".") and host.endswith(allowed) and len(host) > len(allowed)
    )


def is_bare_address(host: str) -> bool:
    """Whether it is an IP address in any notation: the connector does not call the resolver for these."""
    try:
        socket.inet_aton(host)  # takes 127.1, 0x7f000001 and 2130706433 too
        return True
    except OSError:
        return ":" in host


def _check_status(answer: aiohttp.ClientResponse) -> None:
    if answer.status != 200:
        raise NotFetched(f"HTTP {answer.status}", again=answer.status >= 500 or answer.status == 429)


async def _capped(answer: aiohttp.ClientResponse, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in answer.content.iter_chunked(CHUNK):
        size += len(chunk)
        if size > limit:
            raise NotFetched("the file is too large")
        yield chunk


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of this name, from the operating system. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))
