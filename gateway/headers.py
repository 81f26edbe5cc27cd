"""Adds to every response a request id, the security headers and CORS if configured, and logs one access line."""

import ipaddress
import re
import time
import uuid
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import structlog
from sanic import Request, Sanic
from sanic.compat import Header
from sanic.response import BaseHTTPResponse, HTTPResponse

from forms.request import refuse_unread_body
from gateway.ops.metrics import GatewayMetrics

log = structlog.get_logger("gateway")

FORWARDED = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-path",
    "x-forwarded-prefix",
    "x-scheme",
    "x-real-ip",
)
"""Headers in which proxies describe the client; `request.ctx.forwarded` tells whether any was present, trusted or not."""
PROBED = ("/live", "/ready", "/metrics")

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types civicdesk-push",
    )
)
"""For pages. Everything is loaded from this origin, and no script may turn a string into markup; the policy that is
allowed gives the address of the service worker that shows notices (web/widget/more/notices.ts)."""

FILE_CSP = "default-src 'none'; frame-ancestors 'none'"
"""For scripts, style sheets and texts, which are no pages and can run nothing themselves. On a slow line each header of
each file is time until a citizen can write."""

SECURITY = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-resource-policy": "same-origin",
}
OF_PAGES = {
    "x-frame-options": "DENY",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
"""On every answer whose policy is not FILE_CSP."""
HSTS = "max-age=31536000; includeSubDomains"

CORS_METHODS = "GET, POST, OPTIONS"
CORS_HEADERS = "Authorization, Content-Type, Last-Event-ID"
_OUR_KIND = re.compile(r"[A-Za-z0-9_-]{8,64}")


def install_headers(
    app: "Sanic[Any, Any]",
    *,
    https: bool,
    origins: Collection[str],
    proxied: bool,
    proxy_ids: bool,
    metrics: GatewayMetrics,
    proxies: Collection[IPv4Network | IPv6Network] = (),
) -> None:
    """Install the middleware. Forwarded client addresses are trusted only from a proxy whose own address is
    in `proxies`, or from any peer if that is empty. `proxied`: there is a proxy. `proxy_ids`: the proxy
    creates the request ids and forwards no client's."""

    warn_of_proxy = _Warning(proxied)

    async def begin(request: Request) -> HTTPResponse | None:
        if hasattr(request.ctx, "request_id"):
            return None  # an error passes the request through here a second time
        request.ctx.forwarded = any(name in request.headers for name in FORWARDED)
        if proxies and not _is_within(request.ip, proxies):
            _forget_what_was_forwarded(request)
        given = request.headers.getone("x-request-id", "") if proxy_ids else ""
        request.ctx.request_id = given if _OUR_KIND.fullmatch(given) else uuid.uuid4().hex
        request.ctx.started = time.perf_counter()
        warn_of_proxy(request)
        refuse_unread_body(request)
        if request.method == "OPTIONS" and _cors_origin(request, origins):
            return HTTPResponse(status=204)
        return None

    async def finish(request: Request, response: BaseHTTPResponse) -> None:
        headers = response.headers
        for name, value in SECURITY.items():
            headers.setdefault(name, value)
        if headers["content-security-policy"] != FILE_CSP:
            for name, value in OF_PAGES.items():
                headers.setdefault(name, value)
        if https:
            headers.setdefault("strict-transport-security", HSTS)
        request_id = getattr(request.ctx, "request_id", "-")
        headers["x-request-id"] = request_id
        if request.path.startswith("/chat/v1/"):
            headers.setdefault("cache-control", "no-store")
            _cors(request, headers, origins)
        seconds = time.perf_counter() - getattr(request.ctx, "started", time.perf_counter())
        route = f"/{request.route.path}" if request.route else "none"
        metrics.seen(request.method, route, response.status, seconds)
        # Probes and scrapes arrive every few seconds; they are counted above, and logging each would drown
        # out the rest.
        (log.debug if request.path in PROBED else log.info)(
            "request",
            request_id=request_id,
            method=request.method,
            route=route,
            status=response.status,
            ms=round(seconds * 1000, 1),
            contact=getattr(request.ctx, "contact_id", None),
        )

    app.register_middleware(begin, "request", priority=100)
    app.register_middleware(finish, "response")


def _is_within(address: str, networks: Collection[IPv4Network | IPv6Network]) -> bool:
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(peer, ipaddress.IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    return any(peer in network for network in networks)


def _forget_what_was_forwarded(request: Request) -> None:
    for name in (*FORWARDED, "x-request-id"):
        request.headers.popall(name, None)


class _Warning:
    """Warns once if a proxy is not configured: to the limits, all citizens behind it share one address."""

    def __init__(self, proxied: bool) -> None:
        self._said = proxied

    def __call__(self, request: Request) -> None:
        if not self._said and "x-forwarded-for" in request.headers and _is_private(request.ip):
            self._said = True
            log.warning(
                "forwarded_header_ignored",
                sentence="A proxy forwards requests to this gateway, but CIVICDESK_TRUSTED_PROXIES is 0. Set it to the "
                "number of proxies: until then all citizens count as one address and share its limits.",
            )


def _is_private(given: str) -> bool:
    try:
        return ipaddress.ip_address(given.strip("[]")).is_private
    except ValueError:
        return False


def client_address(request: Request) -> str:
    """The address that limits apply to; an IPv6 household is its /64. Forwarded headers count only if
    configured."""
    given = (request.client_ip or "unknown").strip("[]")
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def body_sender(proxies: Collection[IPv4Network | IPv6Network]) -> Callable[[Request], str]:
    """Who is sending a body: the client that a trusted proxy names, otherwise the peer itself. `proxies` as in
    `install_headers`."""

    def sender(request: Request) -> str:
        # A body is read before the middleware removes what a stranger forwarded, and Sanic keeps the first address it computes.
        if proxies and not _is_within(request.ip, proxies):
            return str(request.ip)
        return client_address(request)

    return sender


def _cors_origin(request: Request, origins: Collection[str]) -> str | None:
    origin: str = request.headers.getone("origin", "")
    return origin if request.path.startswith("/chat/v1/") and origin in origins else None


def _cors(request: Request, headers: Header, origins: Collection[str]) -> None:
    if not origins:
        return
    headers["vary"] = "Origin"
    origin = _cors_origin(request, origins)
    if origin is None:
        return
    headers["access-control-allow-origin"] = origin
    headers["access-control-expose-headers"] = "Retry-After, X-Request-ID"
    headers["cross-origin-resource-policy"] = "cross-origin"
    if request.method == "OPTIONS":
        headers["access-control-allow-methods"] = CORS_METHODS
        headers["access-control-allow-headers"] = CORS_HEADERS
        headers["access-control-max-age"] = "7200"
