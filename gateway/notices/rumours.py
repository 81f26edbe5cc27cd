"""GET /rumours (a page) and /rumours.json: the newest verdict on each rumour. Read from the database at most once in a few seconds."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from city import City
from desk.knowledge.words import calendar_day
from desk.rumours.languages import words_of
from desk.rumours.saying import SaidVerdict, say_verdict
from desk.store.pool import Store
from desk.store.rumours import rumours
from desk.store.rumours.rumours import VerdictVersion
from gateway.headers import client_address
from gateway.limits import Limits

FRESH = timedelta(seconds=3)
SHOWN = 200
KEPT = "public, max-age=3, stale-if-error=600"
OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}


def rumours_blueprint(
    store: Store, templates: Environment, city: City, limits: Limits, clock: Callable[[], datetime], base: str
) -> Blueprint:
    """`base` is the public address of this installation."""
    blueprint = Blueprint("public_rumours")
    template = templates.get_template("rumours.html")
    base = base.rstrip("/")
    kept: list[tuple[datetime, Sequence[VerdictVersion]]] = []

    async def newest() -> Sequence[VerdictVersion]:
        now = clock()
        if not kept or not now - FRESH < kept[-1][0] <= now:
            kept[:] = [(now, await rumours.list_newest(store.pool, SHOWN))]
        return kept[-1][1]

    def language_of(request: Request) -> str:
        asked = str(request.args.get("language") or "")
        return asked if asked in city.languages else city.language

    @blueprint.get("/rumours")
    async def page(request: Request) -> HTTPResponse:
        await limits.check("page", address=client_address(request))
        language = language_of(request)
        words = words_of(language)
        rows = [
            (
                one,
                say_verdict(one, language, city),
                words.changed.format(day=_day(one, language, city), version=one.version),
            )
            for one in await newest()
        ]
        body = template.render(
            words=words, language=language, city=city, title=words.title, lead=words.lead.format(city=city.name), rows=rows,
            languages=city.languages, begin=words.begin[0],
        )  # fmt: skip
        return _answer(request, body.encode(), "text/html; charset=utf-8")

    @blueprint.get("/rumours.json")
    async def listed(request: Request) -> HTTPResponse:
        await limits.check("page", address=client_address(request))
        language = language_of(request)
        body = json.dumps(
            {
                "city": city.name,
                "demonstration": city.demo,
                "language": language,
                "page": f"{base}/rumours?language={language}",
                "rumours": [_plain(one, say_verdict(one, language, city)) for one in await newest()],
            }
        )
        return _answer(request, body.encode(), "application/json; charset=utf-8")

    return blueprint


def _plain(version: VerdictVersion, said: SaidVerdict) -> dict[str, object]:
    return {
        "id": version.rumour_id,
        "version": version.version,
        "verdict": version.verdict,
        "label": said.label,
        "claim": said.claim,
        "text": said.text,
        "sources": list(said.sources),
        "language": said.language,
        "at": version.at.isoformat(),
    }


def _day(version: VerdictVersion, language: str, city: City) -> str:
    return calendar_day(version.at.astimezone(city.zone).date(), language)


def _answer(request: Request, body: bytes, content_type: str) -> HTTPResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": KEPT, **OPEN}
    if etag in request.headers.getone("if-none-match", "").split(", "):
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(body, headers=headers, content_type=content_type)
