"""Calls to push services. Their addresses come from browsers, so nothing about them is trusted: only hosts on the allow-list, only
public addresses, no redirect; time and concurrency are bounded, and a failing service is not called for a while."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import aiohttp
import structlog

from backends.circuit_breaker import Breaker
from desk.media.fetch import NotFetched, PublicResolver, Resolve, checked_url, system_resolve
from desk.settings import PUSH_HOSTS

log = structlog.get_logger("push")

LONGEST = 1_000  # characters of an address
SECONDS = 10.0
AT_ONCE = 8
MOST_WAIT = timedelta(hours=1)
"""A service that asks for more is asked again after this time."""

Outcome = Literal["sent", "gone", "later", "refused"]


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of one call. `wait`: the delay that the service asked for."""

    outcome: Outcome
    wait: timedelta | None = None


class PushServices:
    """Built once by the worker. `private_hosts` are those that the operator named: they may be in our network."""

    def __init__(
        self,
        hosts: Sequence[str] = PUSH_HOSTS,
        private_hosts: Sequence[str] = (),
        *,
        seconds: float = SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        resolve: Resolve | None = None,
    ) -> None:
        self._hosts = tuple(hosts)
        self._private = frozenset(host.lower() for host in private_hosts)
        self._seconds = seconds
        self._resolve = resolve or system_resolve
        self._slots = asyncio.Semaphore(AT_ONCE)
        # One for each entry of the list, not for each host: a browser may name any number of hosts.
        self._breakers = {entry: Breaker(monotonic) for entry in self._hosts}

    def is_known(self, endpoint: str) -> bool:
        """Whether this is an address at one of the services."""
        return is_known(endpoint, self._hosts, self._private)

    async def send(self, endpoint: str, body: bytes, headers: dict[str, str]) -> CallResult:
        """One POST; nothing is raised for what a service does. Logs no address: whoever knows it can try to send."""
        if not self.is_known(endpoint):
            return CallResult("refused")
        breaker = next(one for entry, one in self._breakers.items() if _at(endpoint, entry, self._private))
        async with self._slots:
            if not breaker.allows():
                return CallResult("later", timedelta(seconds=breaker.rests()))
            try:
                status, after = await self._post(endpoint, body, headers)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                breaker.failed()
                log.warning("push_no_answer", error=type(error).__name__)
                return CallResult("later")
        (breaker.failed if status >= 500 else breaker.worked)()
        return _answer(status, after)

    async def _post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._resolve, self._private), use_dns_cache=False, force_close=True
        )
        async with (
            aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=self._seconds, connect=5.0),
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent",),
            ) as session,
            session.post(
                checked_url(endpoint, self._hosts, self._private),
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as response,
        ):
            # What it says does not matter and is not read.
            return response.status, response.headers.get("Retry-After", "")


def is_known(endpoint: str, hosts: Sequence[str], private_hosts: Sequence[str] | frozenset[str] = ()) -> bool:
    """Whether this is an address at one of these push services."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    return any(_at(endpoint, entry, frozenset(private_hosts)) for entry in hosts)


def _at(endpoint: str, entry: str, private: frozenset[str]) -> bool:
    try:
        checked_url(endpoint, (entry,), private)
    except (NotFetched, ValueError):
        return False
    return True


def _answer(status: int, after: str) -> CallResult:
    if status in (200, 201, 202):
        return CallResult("sent")
    if status in (404, 410):
        return CallResult("gone")
    if status in (408, 429) or status >= 500:
        wait = timedelta(seconds=int(after)) if after.isdecimal() and len(after) < 7 else None
        return CallResult("later", min(wait, MOST_WAIT) if wait else None)
    log.error("push_refused", status=status)
    return CallResult("refused")
