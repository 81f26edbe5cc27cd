"""One signed call to a partner desk. Limits on time and size; no redirect, no cookie, no private address."""

from typing import Any

import aiohttp
import msgspec
from yarl import URL

from desk.media.fetch import PublicResolver, Resolve, system_resolve
from desk.partners.answers import ANSWER_BYTES, PartnerAnswer, read_answer
from desk.partners.registry import Partner
from desk.runtime.timing import PartnerTiming

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class PartnerAway(Exception):
    """No usable answer: try the same call again. The text has no address and nothing that was sent."""


class PartnerRefused(Exception):
    """The partner does not take this call, and will not take it later."""


class PartnerClient:
    """Built once. `private_hosts` are those that the operator named."""

    def __init__(
        self,
        private_hosts: tuple[str, ...] = (),
        timing: PartnerTiming | None = None,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._private = frozenset(host.lower() for host in private_hosts)
        self._timing = timing or PartnerTiming()
        self._resolve = resolve

    async def send(self, partner: Partner, key: str, body: dict[str, Any]) -> PartnerAnswer:
        """POST it under this idempotency key. Raises PartnerAway or PartnerRefused."""
        if partner.signature is None:
            raise PartnerRefused("it has no service")
        data = msgspec.json.encode(body)
        url = URL(partner.config.url)
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            # A compressed answer could be far larger than what arrives.
            "Accept-Encoding": "identity",
            "Idempotency-Key": key,
            **partner.signature.headers("POST", url.raw_path, data),
        }
        timeout = aiohttp.ClientTimeout(total=self._timing.call, sock_connect=self._timing.connect)
        connector = aiohttp.TCPConnector(
            resolver=PublicResolver(self._resolve, self._private), use_dns_cache=False, force_close=True
        )
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=timeout,
                    trust_env=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    auto_decompress=False,
                ) as session,
                session.post(url, data=data, headers=headers, allow_redirects=False) as response,
            ):
                if response.status in AGAIN:
                    raise PartnerAway(f"HTTP {response.status}")
                if response.status not in (200, 201, 202):
                    raise PartnerRefused(f"HTTP {response.status}")
                answer = read_answer(await _read(response))
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise PartnerAway(type(error).__name__) from None
        if answer is None:
            raise PartnerAway("no readable answer")
        return answer


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """One byte more than an answer may have is enough to see that it is none."""
    data = bytearray()
    async for chunk in response.content.iter_chunked(ANSWER_BYTES):
        data += chunk
        if len(data) > ANSWER_BYTES:
            break
    return bytes(data)
