"""A weather service that publishes alerts: an Atom feed with ETag, and CAP 1.2 documents, over a real socket. Strict: what it does
not have is 404."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from aiohttp import web

SENDER = "w-nws@weather.example"
HARBOUR = "41.050,-73.550 41.050,-73.545 41.052,-73.545 41.050,-73.550"
ELSEWHERE = "10.0,10.0 10.0,11.0 11.0,11.0 10.0,10.0"


def cap_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def info(expires: datetime | None, **given: str) -> str:
    """An info block; `raw` is added as it is."""
    values = {
        "language": "en-US", "category": "Met", "event": "Flood Warning", "urgency": "Immediate", "severity": "Extreme",
        "certainty": "Observed", "expires": cap_time(expires) if expires else "", "headline": "Flood Warning for the harbour",
        "description": "The river is two metres over its banks.", "instruction": "Leave the quay.",
    } | {name: one for name, one in given.items() if name not in ("polygon", "geocode", "raw")}  # fmt: skip
    parts = "".join(f"<{name}>{escape(one)}</{name}>" for name, one in values.items() if one)
    name, _, value = given.get("geocode", "").partition(":")
    code = f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>" if value else ""
    polygon = given.get("polygon", HARBOUR)
    drawn = f"<polygon>{polygon}</polygon>" if polygon else ""
    return (
        f"<info>{parts}{given.get('raw', '')}<area><areaDesc>The quay</areaDesc>{drawn}{code}</area></info>"
    )


def cap(identifier: str, sent: datetime, infos: str = "", **given: str) -> str:
    """A CAP 1.2 document; `raw` is added at the end."""
    values = {
        "identifier": identifier, "sender": SENDER, "sent": cap_time(sent), "status": "Actual", "msgType": "Alert",
        "scope": "Public",
    } | {name: one for name, one in given.items() if name != "raw"}  # fmt: skip
    parts = "".join(f"<{name}>{escape(one)}</{name}>" for name, one in values.items())
    return f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">{parts}{infos}{given.get("raw", "")}</alert>'


def refers_to(identifier: str, sent: datetime) -> str:
    return f"{SENDER},{identifier},{cap_time(sent)}"


SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature>'


@dataclass
class AlertService:
    """`documents` by path. `asked` are the paths that were asked for; `unchanged` counts the answers 304."""

    url: str
    documents: dict[str, str] = field(default_factory=dict)
    links: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)
    unchanged: int = 0
    down: bool = False

    def publish(self, **documents: str) -> None:
        """Put documents into the feed, the newest first as services do."""
        self.documents |= {f"/{name}.xml": text for name, text in documents.items()}
        self.links = [*(f"/{name}.xml" for name in documents), *self.links]

    @property
    def feed(self) -> str:
        entries = "".join(
            f'<entry><id>{one}</id><updated>2026-11-22T12:00:00Z</updated><link type="application/cap+xml" href="{one}"/></entry>'
            for one in self.links
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.down:
            return web.Response(status=503)
        if request.path == "/feed.atom":
            etag = f'"{len(self.links)}"'
            if request.headers.get("if-none-match") == etag:
                self.unchanged += 1
                return web.Response(status=304)
            return web.Response(text=self.feed, headers={"etag": etag}, content_type="application/atom+xml")
        text = self.documents.get(request.path)
        return (
            web.Response(status=404)
            if text is None
            else web.Response(text=text, content_type="application/cap+xml")
        )


@asynccontextmanager
async def alert_service() -> AsyncIterator[AlertService]:
    app = web.Application()
    service = AlertService("")
    app.router.add_get("/{path:.*}", service.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield service
    finally:
        await runner.cleanup()


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
