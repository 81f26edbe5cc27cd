"""GET /notices (a page), /notices.atom, /notices.json, /notices/current.json (for banners) and /notices/cap/<notice>/<version>.

Everything is read from memory and may be kept by caches for a few seconds, so that a whole city may ask at once.
"""

import hashlib
import json
from uuid import UUID

from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from city import City
from desk.knowledge.words import moment
from desk.model import Clock
from desk.notices.cap import cap_document
from desk.notices.current import CurrentNotices
from desk.notices.feeds import CAP_TYPE, atom_feed, banners, cap_of, json_feed
from desk.notices.languages import words_of
from desk.notices.saying import Said, say
from desk.official.languages import words_of as official_words
from desk.rumours.languages import words_of as rumour_words
from desk.store.notices.notices import NoticeVersion
from gateway.problems import Problem

KEPT = "public, max-age=3, stale-if-error=600"
OPEN = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""Any page of the city, on any host, may read what everybody may read."""


def notices_blueprint(
    current: CurrentNotices, templates: Environment, city: City, clock: Clock, base: str
) -> Blueprint:
    """`base` is the public address of this installation."""
    blueprint = Blueprint("public_notices")
    template = templates.get_template("notices.html")
    base = base.rstrip("/")

    def language_of(request: Request) -> str:
        asked = str(request.args.get("language") or "")
        return asked if asked in city.languages else city.language

    @blueprint.get("/notices")
    async def page(request: Request) -> HTTPResponse:
        language = language_of(request)
        holding = list(current.holding())
        held = {one.notice_id for one in holding}
        rows = [_row(one, language, city, base) for one in holding]
        ended = [
            _row(versions[-1], language, city, base)
            for versions in current.history()
            if versions[-1].notice_id not in held and versions[-1].content.starts_at <= clock()
        ]
        body = template.render(
            words=words_of(language), language=language, title=words_of(language).feed.format(city=city.name),
            rows=rows, ended=ended, languages=city.languages, city=city,
            official=official_words(language).title.format(city=city.name), rumours=rumour_words(language).title,
        )  # fmt: skip
        return _answer(request, body.encode(), "text/html; charset=utf-8")

    @blueprint.get("/notices.atom")
    async def atom(request: Request) -> HTTPResponse:
        body = atom_feed(current.history(), language_of(request), city, base)
        return _answer(request, body, "application/atom+xml; charset=utf-8")

    @blueprint.get("/notices.json")
    async def feed(request: Request) -> HTTPResponse:
        body = json.dumps(json_feed(current.history(), language_of(request), city, base, clock()))
        return _answer(request, body.encode(), "application/feed+json; charset=utf-8")

    @blueprint.get("/notices/current.json")
    async def now(request: Request) -> HTTPResponse:
        body = json.dumps(banners(current.holding(), language_of(request), city, base))
        return _answer(request, body.encode(), "application/json; charset=utf-8")

    @blueprint.get("/notices/cap/<notice_id:uuid>/<version:int>")
    async def cap(request: Request, notice_id: UUID, version: int) -> HTTPResponse:
        found = next((one for one in current.history() if one[0].notice_id == notice_id), ())
        try:
            body = cap_document(found, version, city, f"{base}/notices#n-{notice_id}")
        except LookupError:
            raise Problem(404, "not_found", "There is no such notice.") from None
        return _answer(request, body, f"{CAP_TYPE}; charset=utf-8")

    return blueprint


def _row(
    version: NoticeVersion, language: str, city: City, base: str
) -> tuple[NoticeVersion, Said, str, str]:
    said = say(version, language, city)
    until = words_of(language).until.format(moment=moment(said.until.astimezone(city.zone), said.language))
    return version, said, until, cap_of(version, base)


def _answer(request: Request, body: bytes, content_type: str) -> HTTPResponse:
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"etag": etag, "cache-control": KEPT, **OPEN}
    if etag in request.headers.getone("if-none-match", "").split(", "):
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(body, headers=headers, content_type=content_type)
